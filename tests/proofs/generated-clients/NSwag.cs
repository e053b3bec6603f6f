// The client of NSwag.
using System.Net.Http.Headers;
using Users;

using var http = new HttpClient();
var client = new UsersClient(http) { BaseUrl = Environment.GetEnvironmentVariable("SERVICE")! };
var email = $"nswag-{DateTime.UtcNow.Ticks}@example.org";

var created = await client.CreateUserAsync(new() { Name = "Ann", Email = email });
Check(created.Email == email, "create");
Check((await client.GetUserAsync(created.Id, null, null)).Name == "Ann", "read");
Check(await StatusAsync(() => client.GetUserAsync(created.Id, null, "\"1\"")) == 304, "304");
var page = await client.ListUsersAsync(1, null, null, email, null, null, null, null, true);
Check(page.Items.Count == 1 && page.Total == 1, "list");
Check((await client.ReplaceUserAsync(created.Id, "\"1\"", null, new() { Name = "Ann Lee", Email = email })).Name == "Ann Lee", "replace");
Check((await client.PatchUserAsync(created.Id, null, null, new() { Name = "Ann Ortiz" })).Name == "Ann Ortiz", "patch");
try
{
    await client.CreateUserAsync(new() { Name = "", Email = "ann@" });
    Check(false, "422");
}
catch (ApiException<Problem> e)
{
    Check(e.StatusCode == 422 && e.Result.Type == ProblemType._problems_invalidUser, "problem");
    Check(e.Result.Errors.Any(error => error.Code == ProblemErrorCode.Email_invalid), "code");
}

Check((await client.ClassicGetUserAsync(created.Id)).Email == email, "classic");
await client.DeleteUserAsync(created.Id, null, null);
Check(await StatusAsync(() => client.GetUserAsync(created.Id, null, null)) == 404, "404");
Console.WriteLine("NSwag: ok");

static void Check(bool isSo, string what)
{
    if (!isSo)
        throw new InvalidOperationException(what);
}

static async Task<int> StatusAsync(Func<Task> call)
{
    try
    {
        await call();
        return 200;
    }
    catch (ApiException e)
    {
        return e.StatusCode;
    }
}
