using Microsoft.AspNetCore.Routing;

namespace UserCqrs.Web;

// Stands in for the one of Web, which is internal there.
internal interface IEndpoint
{
    static abstract void Map(IEndpointRouteBuilder routes);
}
