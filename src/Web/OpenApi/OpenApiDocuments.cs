using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.OpenApi;

/// <summary>Configures the OpenAPI document.</summary>
internal static class OpenApiDocuments
{
    /// <summary>The name of the security scheme in the document.</summary>
    public const string Bearer = "bearer";

    public static IServiceCollection AddUserCqrsOpenApi(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = type => // UserResponse is published as User
            OpenApiOptions.CreateDefaultSchemaReferenceId(type)?.Replace("Response", "", StringComparison.Ordinal);
        options.AddOperationTransformer<OperationTransformer>();
        options.AddSchemaTransformer<SchemaTransformer>();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "UserCqrs",
                Version = Service.Version,
                Description = "The users table you don't have to write. **v1** is for every new consumer; **classic** is for "
                    + "clients of the FastAPI tutorial's app, which need only switch the base URL.",
                Contact = new() { Name = "UserCqrs" },
            };
            document.Servers = [new() { Url = "/" }];
            document.Tags = ApiSurface.All
                .Select(surface => new OpenApiTag { Name = surface.Tag, Description = surface.Description }).ToHashSet();
            document.AddComponent(Bearer, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key (ucq_…) or a JWT.",
            });
            return Task.CompletedTask;
        });
    });
}
