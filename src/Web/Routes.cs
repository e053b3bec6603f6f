using UserCqrs.Web.Endpoints;
using UserCqrs.Web.Endpoints.Classic;
using UserCqrs.Web.Endpoints.V1;

namespace UserCqrs.Web;

/// <summary>The routing table.</summary>
internal static class Routes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // v1
        Add<CreateUserEndpoint>(routes);
        Add<GetUserEndpoint>(routes);
        Add<ListUsersEndpoint>(routes);
        Add<ReplaceUserEndpoint>(routes);
        Add<PatchUserEndpoint>(routes);
        Add<DeleteUserEndpoint>(routes);

        // classic: the routes of the tutorial
        Add<ClassicCreateUserEndpoint>(routes);
        Add<ClassicGetUserEndpoint>(routes);
        Add<ClassicListUsersEndpoint>(routes);
        Add<ClassicUpdateUserEndpoint>(routes);
        Add<ClassicDeleteUserEndpoint>(routes);

        // around them
        Add<HomeEndpoint>(routes);
        Add<DocsEndpoint>(routes);
        Add<ProblemPagesEndpoint>(routes);
        Add<HealthEndpoint>(routes);
    }

    private static void Add<TEndpoint>(IEndpointRouteBuilder routes) where TEndpoint : IEndpoint => TEndpoint.Map(routes);
}
