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

    /// <summary>The parameters that select users.</summary>
    public static readonly RequestParameter[] Filters =
    [
        RequestParameter.Query("email", "string", "Only the user with this e-mail address, regardless of case."),
        RequestParameter.Query("namePrefix", "string", "Only users whose name starts with this text, in this case."),
        RequestParameter.Query("createdAfter", "string", "Only users created after this time, such as 2026-01-01T00:00:00Z.")
            with { Format = "date-time" },
        RequestParameter.Query("createdBefore", "string", "Only users created before this time, such as 2027-01-01T00:00:00Z.")
            with { Format = "date-time" },
        RequestParameter.Query("id", "string", "Only users with these ids, up to 200, such as 1,2,3."),
        RequestParameter.Query("externalId", "string", "Only the user with this external id."),
        RequestParameter.Query(
            "updatedAfter", "string", "Only users whose last change was after this time, such as 2026-01-01T00:00:00Z.")
            with { Format = "date-time" },
        RequestParameter.Query(
            "updatedBefore", "string", "Only users whose last change was before this time, such as 2027-01-01T00:00:00Z.")
            with { Format = "date-time" },
        RequestParameter.Query("active", "boolean", "Only users that are active, or only those that are not."),
    ];

    /// <summary>All parameters.</summary>
    public static readonly RequestParameter[] All =
    [
        RequestParameter.Query("limit", "integer", "The maximum number of users, 1 to 200. The default is 50.")
            with { Minimum = "1", Maximum = "200" },
        RequestParameter.Query(
            "sort", "string", "The order; a - reverses it. Ties are ordered by id, in the same direction. The default is id.")
            with { Values = [.. Sorts.Keys] },
        RequestParameter.Query(
            "q", "string", "Only users in whose name, e-mail or external id every word of this text is found, also inside a "
            + "word, without regard to case, accents or width. Up to 8 words and 200 characters. Sorted by how well they match, "
            + "so it excludes sort."),
        RequestParameter.Query("cursor", "string", "The next of the previous page, with the same sort and filters."),
        .. Filters,
        RequestParameter.Query("count", "boolean", "Whether to count all matching users. The default is false."),
    ];

    /// <summary>What the names of the filters by attributes start with.</summary>
    public const string AttributePrefix = "attributes.";

    private static readonly string[] Names = [.. All.Select(parameter => parameter.Name)];

    /// <summary>Reads the parameters. The query contains the errors of those that could not be read.</summary>
    public static ListUsers Read(IQueryCollection parameters)
    {
        var query = new QueryReader(parameters, Names, AttributePrefix);
        var filter = Filter(query);
        var order = query.Read<UserOrder>("sort", $"Sort by one of {string.Join(", ", Sorts.Keys)}.", text =>
            Sorts.TryGetValue(text, out var known) ? known : null) ?? Sorts["id"];
        var search = query.Text("q");
        if (search is not null && query.Text("sort") is not null)
            query.Add(new("sort", "sort.withSearch", "The result of a search has an order of its own. Leave out sort or q."));
        var limit = query.Integer("limit") ?? ListUsers.DefaultLimit;
        var count = query.Flag("count") ?? false;
        return new(filter, order, limit, query.Text("cursor"), count, search) { Unreadable = query.Errors };
    }

    /// <summary>Reads the filters.</summary>
    public static UserFilter Filter(QueryReader query) => new(
        query.Text("email"), query.Text("namePrefix"), query.Time("createdAfter"), query.Time("createdBefore"),
        query.Ids("id"), query.Text("externalId"), query.Flag("active"),
        query.Time("updatedAfter"), query.Time("updatedBefore"), Attributes(query));

    private static List<AttributeFilter>? Attributes(QueryReader query) =>
        query.NamesAfter(AttributePrefix)
            .Select(path => new AttributeFilter(path, query.Text(AttributePrefix + path)!)).ToList() is { Count: > 0 } filters
            ? filters
            : null;
}
