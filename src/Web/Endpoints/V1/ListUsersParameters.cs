using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary>The query string of <c>GET /v1/users</c>.</summary>
internal static class ListUsersParameters
{
    private static readonly Dictionary<string, UserOrder> Sorts = new()
    {
        ["id"] = new(UserSort.Id),
        ["-id"] = new(UserSort.Id, Descending: true),
        ["name"] = new(UserSort.Name),
        ["-name"] = new(UserSort.Name, Descending: true),
        ["email"] = new(UserSort.Email),
        ["-email"] = new(UserSort.Email, Descending: true),
        ["createdAt"] = new(UserSort.CreatedAt),
        ["-createdAt"] = new(UserSort.CreatedAt, Descending: true),
        ["updatedAt"] = new(UserSort.UpdatedAt),
        ["-updatedAt"] = new(UserSort.UpdatedAt, Descending: true),
    };

    public static readonly RequestParameter[] All =
    [
        RequestParameter.Query("limit", "integer", "How many users at the most, 1 to 200. 50 when absent.")
            with { Minimum = "1", Maximum = "200" },
        RequestParameter.Query(
            "sort", "string", "The order; a - turns it round. Ties go by id, in the same direction. By id when absent.")
            with { Values = [.. Sorts.Keys] },
        RequestParameter.Query("cursor", "string", "The next of the page before, asked for with the same sort and filters."),
        RequestParameter.Query("email", "string", "The user with this e-mail address, in whatever case."),
        RequestParameter.Query("namePrefix", "string", "Users whose name starts so. Case counts."),
        RequestParameter.Query("createdAfter", "string", "Users created later than this, such as 2026-01-01T00:00:00Z.")
            with { Format = "date-time" },
        RequestParameter.Query("createdBefore", "string", "Users created earlier than this, such as 2027-01-01T00:00:00Z.")
            with { Format = "date-time" },
        RequestParameter.Query("id", "string", "Users with these ids, up to 200, such as 1,2,3."),
        RequestParameter.Query("count", "boolean", "Whether to count all users that match. No when absent."),
    ];

    private static readonly string[] Names = [.. All.Select(parameter => parameter.Name)];

    /// <summary>Reads the parameters. The query contains the errors of those that could not be read.</summary>
    public static ListUsers Read(IQueryCollection parameters)
    {
        var query = new QueryReader(parameters, Names);
        var filter = new UserFilter(
            query.Text("email"), query.Text("namePrefix"), query.Time("createdAfter"), query.Time("createdBefore"),
            query.Ids("id"));
        var order = query.Read<UserOrder>("sort", $"Sort by one of {string.Join(", ", Sorts.Keys)}.", text =>
            Sorts.TryGetValue(text, out var known) ? known : null) ?? Sorts["id"];
        var limit = query.Integer("limit") ?? ListUsers.DefaultLimit;
        var count = query.Flag("count") ?? false;
        return new(filter, order, limit, query.Text("cursor"), count) { Unreadable = query.Errors };
    }
}
