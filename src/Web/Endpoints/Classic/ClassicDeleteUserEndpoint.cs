using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary><c>DELETE /user?user_id=1</c>, the tutorial's <c>delete_user</c></summary>
internal sealed class ClassicDeleteUserEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/user", HandleAsync)
        .WithMetadata(Access.Write, new Operation("delete_user", "Delete a user", "Removes the user for good.")
        .Reads(RequestParameter.Query("user_id", "integer", "Whom.", 1) with { Format = "int64", Required = true })
        .Answers<ClassicDetail>(200, "The user is gone.")
        .Refuses(ProblemType.UserNotFound, ProblemType.InvalidUser));

    private static async Task<IResult> HandleAsync(HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var (id, error) = ClassicDoor.ReadUserId(request.Query["user_id"].LastOrDefault());
        if (error is not null)
            return ClassicDoor.Refuse(error);

        var result = await mediator.Send(new DeleteUser(id, Precondition.None), cancellationToken);
        return result.Match<IResult>(
            static _ => TypedResults.Json(new ClassicDetail("User deleted"), ApiJson.Default.ClassicDetail), Problem.From);
    }
}
