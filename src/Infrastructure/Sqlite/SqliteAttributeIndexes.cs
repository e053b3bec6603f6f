using System.Linq.Expressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The indexes of the attributes that lists can be filtered by.</summary>
/// <remarks>
/// SQLite uses an index on an expression for a query with the same expression. It keeps text, numbers and blobs apart, but its
/// JSON functions return 0 and 1 for booleans; so these become blobs. Integers become doubles, as which numbers are compared.
/// Objects and arrays are not indexed.
/// </remarks>
internal static class SqliteAttributeIndexes
{
    private const string Prefix = "ix_users_attributes.";

    private static readonly (string Type, string Result)[] NotValues =
        [("'true'", "x'01'"), ("'false'", "x'00'"), ("'object'", "NULL"), ("'array'", "NULL")];

    /// <summary>Makes the indexes that are missing and removes those that are no longer wanted.</summary>
    public static async Task UpdateAsync(SqliteConnection connection, IndexedAttributes attributes, Action<string> report)
    {
        var existing = Existing(connection);
        foreach (var path in existing.Except(attributes.Paths))
        {
            report($"Removing the index of attributes.{path}, which {IndexedAttributes.Setting} does not list");
            SqliteFile.Execute(connection, $"DROP INDEX \"{Prefix}{path}\"");
        }

        foreach (var path in attributes.Paths.Except(existing))
        {
            var cases = string.Concat(NotValues.Select(type => $" WHEN {type.Type} THEN {type.Result}"));
            var value = $"json_extract(attributes, {Literal(path)})";
            await Progress.DuringAsync($"Making an index of attributes.{path}", report, () =>
            {
                SqliteFile.Execute(connection, $"""
                    CREATE INDEX "{Prefix}{path}" ON users (
                        CASE json_type(attributes, {Literal(path)}){cases}
                        WHEN 'integer' THEN CAST({value} AS REAL) ELSE {value} END)
                    """);
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Whether every attribute has its index.</summary>
    public static bool AreComplete(SqliteConnection connection, IndexedAttributes attributes) =>
        !attributes.Paths.Except(Existing(connection)).Any();

    /// <summary>Translates <see cref="UserFunctions.Attribute"/> to the expression of the indexes.</summary>
    public static void MapFunction(ModelBuilder model) =>
        model.HasDbFunction(typeof(UserFunctions).GetMethod(nameof(UserFunctions.Attribute))!).HasTranslation(arguments =>
        {
            var path = Fragment(Literal((string)((SqlConstantExpression)arguments[1]).Value!));
            return new CaseExpression(
                Json("json_type"),
                [
                    .. NotValues.Select(type => new CaseWhenClause(Fragment(type.Type), Fragment(type.Result))),
                    new CaseWhenClause(Fragment("'integer'"), new SqlUnaryExpression(
                        ExpressionType.Convert, Json("json_extract"), typeof(string), new DoubleTypeMapping("REAL"))),
                ],
                Json("json_extract"));

            SqlFunctionExpression Json(string function) => new(
                function, [arguments[0], path], nullable: false, [false, false], typeof(string), StringTypeMapping.Default);
        });

    private static SqlFragmentExpression Fragment(string sql) => new(sql, typeof(string), StringTypeMapping.Default);

    private static List<string> Existing(SqliteConnection connection)
    {
        using var command = new SqliteCommand("SELECT name FROM sqlite_schema WHERE type = 'index'", connection);
        using var reader = command.ExecuteReader();
        var paths = new List<string>();
        while (reader.Read())
        {
            if (reader.GetString(0).StartsWith(Prefix, StringComparison.Ordinal))
                paths.Add(reader.GetString(0)[Prefix.Length..]);
        }

        return paths;
    }

    private static string Literal(string path) => $"'$.\"{path.Replace(".", "\".\"", StringComparison.Ordinal)}\"'";
}
