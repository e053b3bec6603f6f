using System.Globalization;

namespace UserCqrs.Web.Http;

/// <summary>Reads route parameters.</summary>
internal static class RouteParameters
{
    /// <summary>The id in the route; its constraint <c>{id:long}</c> guarantees that it parses.</summary>
    public static long RouteId(this HttpRequest request) =>
        long.Parse((string)request.RouteValues["id"]!, NumberStyles.Integer, CultureInfo.InvariantCulture);
}
