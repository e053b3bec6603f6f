using Microsoft.AspNetCore.WebUtilities;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary>Converts errors to those of the tutorial's FastAPI app.</summary>
internal static class ClassicErrors
{
    private static readonly string?[] MembersInOrder =
        [ClassicUserId.Name, null, .. UserField.Of(ApiSurface.Classic).Select(field => field.Name)];

    /// <summary>All values of <c>type</c> in classic errors, as Pydantic names them.</summary>
    public static readonly string[] ErrorTypes =
    [
        "missing", "model_attributes_type", "json_invalid", "int_parsing", "string_type", "string_too_short", "string_too_long",
        "value_error",
    ];

    /// <summary>Writes a problem as FastAPI does: <c>{"detail": …}</c>.</summary>
    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        var type = problem.Type;
        if (type == ProblemType.InvalidUser || type == ProblemType.MalformedRequest)
        {
            var userIdIn = HttpMethods.IsPost(context.Request.Method) ? "path" : "query";
            var errors = problem.Errors.OrderBy(error => Array.IndexOf(MembersInOrder, error.Member))
                .Select(error => Translate(error, problem.Position, userIdIn));
            return JsonResponse.WriteAsync(context, 422, new([.. errors]), ApiJson.Default.ClassicValidationErrors);
        }

        return JsonResponse.WriteAsync(context, type.Status, new(DetailOf(type)), ApiJson.Default.ClassicDetail);
    }

    /// <summary>The <c>detail</c> of a problem that is not an input error.</summary>
    public static string DetailOf(ProblemType type) =>
        type == ProblemType.UserNotFound ? "User not found"
        : type == ProblemType.EmailTaken ? "Email already registered"
        : type == ProblemType.Unauthorized ? "Not authenticated"
        : type == ProblemType.Forbidden ? "Not enough permissions"
        : ReasonPhrases.GetReasonPhrase(type.Status);

    private static ClassicValidationError Translate(InputError error, long? position, string userIdIn)
    {
        object[] location = error.Member switch
        {
            ClassicUserId.Name => [userIdIn, ClassicUserId.Name],
            null when position is { } offset => ["body", offset],
            null => ["body"],
            _ => ["body", error.Member],
        };
        return error.Code switch
        {
            "body.missing" or "name.required" or "email.required" or "user_id.required" =>
                new("missing", location, "Field required"),
            "body.type" => new("model_attributes_type", location,
                "Input should be a valid dictionary or object to extract fields from"),
            "body.notJson" or "body.notUtf8" => new("json_invalid", location, "JSON decode error"),
            "user_id.type" => new("int_parsing", location, error.Detail),
            "name.type" or "name.null" or "email.type" or "email.null" =>
                new("string_type", location, "Input should be a valid string"),
            "name.empty" => new("string_too_short", location, "String should have at least 1 character"),
            "name.tooLong" => new("string_too_long", location, $"String should have at most {UserName.MaxLength} characters"),
            "email.tooLong" =>
                new("string_too_long", location, $"String should have at most {EmailAddress.MaxLength} characters"),
            _ => new("value_error", location, $"Value error, {error.Detail}"),
        };
    }
}
