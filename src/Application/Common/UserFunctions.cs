namespace UserCqrs.Application.Common;

/// <summary>SQL functions that queries of users use. Each database has its own definition.</summary>
public static class UserFunctions
{
    /// <summary>
    /// The value at a path of attributes, in a form that is equal for equal values of the same type only. Translated to SQL.
    /// </summary>
    /// <param name="attributes">The attributes as JSON.</param>
    /// <param name="path">
    /// The names of members, separated by dots. It must be a constant, so that the path's index is used.
    /// </param>
    public static string Attribute(string attributes, string path) =>
        throw new InvalidOperationException($"The attribute {path} of {attributes} can only be read in SQL.");
}
