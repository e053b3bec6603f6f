using FastEndpoints;
using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>GET</c> and <c>HEAD /v1/users</c></summary>
internal sealed class ListUsersEndpoint(IMediator mediator) : Endpoint<ListUsers>
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/v1/users");
        Group<V1Routes>();
        Policies(Scope.Read);
        Options(static route => route.Compresses());
        RequestBinder(new Binder<ListUsers>(Bind));
        Summary(new Operation("listUsers", "List users", "Returns a page of users. Continue with the cursor in next until "
                + "there is none: a page may have fewer users than limit, or even none, and still have next. Users that are "
                + "created or deleted meanwhile make no other user appear twice or be skipped. If the setting "
                + "Users:IndexedAttributes declares plan, the parameter attributes.plan selects users by that attribute: 3 is "
                + "a number, true a boolean, pro and \"3\" are strings.")
        { ParameterPrefix = ListUsersParameters.AttributePrefix }
            .Reads(ListUsersParameters.All)
            .Responds<UserPageResponse>(200, "A page of users.", OperationHeader.Link)
            .FailsWith(ProblemType.InvalidParameter));
    }

    public override async Task HandleAsync(ListUsers query, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(query, cancellationToken);
        await result.Match<IResult>(
            static page => new UserPageResult(page),
            static error => error.Kind == ErrorKind.Invalid ? Problem.InvalidParameters(error.Inputs) : Problem.From(error))
            .ExecuteAsync(HttpContext);
    }

    private static Bound<ListUsers> Bind(HttpRequest request) => ListUsersParameters.Read(request.Query);
}

/// <summary>200 and a page of users, with the address of the next page in <c>Link</c> (RFC 8288).</summary>
internal sealed record UserPageResult(UserPage Page) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.LinkNext("/v1/users", Page.Next);
        return JsonResponse.WriteAsync(httpContext, 200, Responses.ToPage(Page), ApiJson.Default.UserPageResponse);
    }
}
