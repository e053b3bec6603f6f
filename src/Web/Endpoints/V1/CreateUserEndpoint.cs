using FastEndpoints;
using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>POST /v1/users</c></summary>
internal sealed class CreateUserEndpoint(IMediator mediator) : Endpoint<CreateUser>
{
    public override void Configure()
    {
        Post("/v1/users");
        Group<V1Routes>();
        Policies(Scope.Write);
        RequestBinder(new Binder<CreateUser>(BindAsync));
        Summary(new Operation("createUser", "Create a user", "Stores a new user. "
                + "No other user may have the e-mail address, regardless of case, or the external id. With an Idempotency-Key, "
                + "the request can be sent again without storing a second user.")
            .Reads(RequestParameter.IdempotencyKey)
            .Takes(UserBodySchema.Complete, BodyFormat.Json)
            .Responds<UserResponse>(201, "The user as stored.", OperationHeader.ETag, OperationHeader.Location,
                OperationHeader.IdempotencyReplayed)
            .FailsWith(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.IdempotencyKeyInUse,
                ProblemType.IdempotencyKeyReused));
    }

    public override async Task HandleAsync(CreateUser command, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(command, cancellationToken);
        IdempotencyHeader.Mark(HttpContext.Response, result.IsReplayed);
        await result.Match<IResult>(static user => new UserResult(user, IsNew: true), Problem.From).ExecuteAsync(HttpContext);
    }

    private static async ValueTask<Bound<CreateUser>> BindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (key, malformed) = await IdempotencyHeader.ReadAsync(request, cancellationToken);
        if (malformed is not null)
            return malformed;
        var (input, problem) = await UserBody.ReadAsync(request, BodyFormat.Json, cancellationToken);
        return input is null ? problem! : new CreateUser(input) { Idempotency = key };
    }
}
