using System.Globalization;
using UserCqrs.Application.Common;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary>The parameter <c>user_id</c>, read as FastAPI reads an <c>int</c>.</summary>
internal static class ClassicUserId
{
    public const string Name = "user_id";

    /// <summary>Reads the id, or returns the error. An integer beyond 64 bits is read as 0, which no user has.</summary>
    public static (long Id, InputError? Error) Read(string? text)
    {
        if (text is null)
            return (0, new(Name, "user_id.required", "Field required"));
        text = text.Trim();
        var digits = text.StartsWith('-') || text.StartsWith('+') ? text[1..] : text;
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
            return (0, new(Name, "user_id.type", "Input should be a valid integer, unable to parse string as an integer"));
        return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) ? (id, null) : (0, null);
    }

    /// <summary>Binds a request with the id in its query string.</summary>
    public static Bound<TRequest> Bind<TRequest>(HttpRequest request, Func<long, TRequest> create) where TRequest : class
    {
        var (id, error) = Read(request.Query[Name].LastOrDefault());
        return error is null ? create(id) : new Problem(ProblemType.InvalidUser) { Errors = [error] };
    }
}
