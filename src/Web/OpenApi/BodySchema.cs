using Microsoft.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.OpenApi;

/// <summary>The schema of a body.</summary>
/// <param name="Name">The name of the schema in the document.</param>
internal abstract record BodySchema(string Name)
{
    /// <summary>The problems that the body may cause.</summary>
    public abstract IEnumerable<ProblemType> Problems { get; }

    public abstract OpenApiSchema ToSchema();
}
