using FastEndpoints;
using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>POST /v1/users/lookup</c>. It changes nothing; POST has a body, which a long list of keys needs.</summary>
internal sealed class LookUpUsersEndpoint(IMediator mediator) : Endpoint<LookUpUsers>
{
    public override void Configure()
    {
        Post("/v1/users/lookup");
        Group<V1Routes>();
        Policies(Scope.Read);
        Options(static route => route.Compresses());
        RequestBinder(new Binder<LookUpUsers>(LookUpBody.BindAsync));
        Summary(new Operation("lookUpUsers", "Look up users by key",
                "Returns the users that have one of up to 200 ids, e-mail addresses and external ids, in the order of the keys, "
                + "and the keys that no user has. Changes nothing.")
            .Takes(LookUpBodySchema.Instance, BodyFormat.Json)
            .Responds<UserLookupResponse>(200, "The users that were found, and the keys that no user has.")
            .FailsWith(ProblemType.MalformedRequest, ProblemType.InvalidParameter));
    }

    public override async Task HandleAsync(LookUpUsers query, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(query, cancellationToken);
        await (result.Error is { } error
            ? Problem.InvalidLookup(error.Inputs).ExecuteAsync(HttpContext)
            : JsonResponse.WriteAsync(HttpContext, 200, Responses.ToLookup(result.Value), ApiJson.Default.UserLookupResponse));
    }
}
