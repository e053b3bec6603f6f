using System.Globalization;
using System.Text.Json;

namespace UserCqrs.Limit;

/// <summary>Three requests by string comparison, for there is no router: a user, a page of users, a new user.</summary>
internal sealed class Door(Readers readers, IWriter writer)
{
    private const string Users = "/v1/users";

    public Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value!;
        if (path == Users)
            return HttpMethods.IsPost(request.Method) ? CreateAsync(context) : PageAsync(context);
        return path.StartsWith($"{Users}/", StringComparison.Ordinal)
            && long.TryParse(path.AsSpan(Users.Length + 1), CultureInfo.InvariantCulture, out var id)
            && readers.Find(id) is { } user
                ? WriteAsync(context, 200, user, UserJson.Of(user))
                : NotFound(context);
    }

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }

    private Task PageAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = int.Parse(query["limit"]!, CultureInfo.InvariantCulture);
        var after = query["cursor"] is [{ } cursor] ? Cursor.Read(cursor) : 0;
        return WriteAsync(context.Response, 200, UserJson.Of(readers.Page(after, limit + 1), limit));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        var read = await body.ReadAsync();
        while (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync();
        }

        var (name, email) = UserJson.Read(new Utf8JsonReader(read.Buffer));
        body.AdvanceTo(read.Buffer.End);
        var user = await writer.AddAsync(name, email);
        context.Response.Headers.Location = $"{Users}/{user.Id}";
        await WriteAsync(context, 201, user, UserJson.Of(user));
    }

    private static Task WriteAsync(HttpContext context, int status, User user, ReadOnlyMemory<byte> json)
    {
        context.Response.Headers.ETag = $"\"{user.Version}\"";
        return WriteAsync(context.Response, status, json);
    }

    private static Task WriteAsync(HttpResponse response, int status, ReadOnlyMemory<byte> json)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        return response.Body.WriteAsync(json).AsTask();
    }
}
