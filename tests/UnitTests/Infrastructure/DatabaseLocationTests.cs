using System.Globalization;
using Microsoft.Extensions.Configuration;
using Npgsql;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Postgres;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure;

public sealed class DatabaseLocationTests
{
    private static readonly string[] Specials =
    [
        "/", "?", "#", "@", "%", ":", "&", "=", ";", "'", "\"", "\\", " ", "[", "]", ",", "//", "?x=", "/?", "%zz",
        "%2", "%00", "/@", "@/", "?@", ":/", "\n", "\u00E4/",
    ];

    private static readonly string[] Forms =
        ["Canary1{0}Canary2", "{0}Canary1Canary2", "Canary1Canary2{0}", "Canary1{0}Canary2{0}Canary3"];

    [Theory]
    [InlineData(null, null, "./users.db")]
    [InlineData("sqlite:///./test.db", null, "test.db")]
    [InlineData("sqlite:///data/test.db", null, "data/test.db")]
    [InlineData("sqlite:////var/lib/users.db", "Data Source=other.db", "/var/lib/users.db")]
    [InlineData(null, "Data Source=other.db", "other.db")]
    public void Is_the_url_or_the_connection_string_or_a_file_here(string? url, string? connectionString, string path) =>
        Assert.Equal(new SqliteLocation(Path.GetFullPath(path)), From(url, connectionString));

    [Theory]
    [InlineData("postgresql://ann:pw@db/users", "Host=db;Database=users;Username=ann;Password=pw")]
    [InlineData("postgres://db:5433/users", "Host=db:5433;Database=users")]
    [InlineData("postgresql+psycopg2://ann@a:1,b:2/users", "Host=a:1,b:2;Database=users;Username=ann")]
    [InlineData("postgresql://a%40b:p%3Aw%2F@[::1]:5432/users", "Host=[::1]:5432;Database=users;Username=a@b;Password=p:w/")]
    [InlineData("postgresql://db/users?sslmode=verify-full&connect_timeout=2&Command%20Timeout=9",
        "Host=db;Database=users;SSL Mode=VerifyFull;Timeout=2;Command Timeout=9")]
    public void A_url_of_libpq_is_a_connection_string_of_Npgsql(string url, string connectionString) =>
        Assert.Equal(
            new NpgsqlConnectionStringBuilder(connectionString).ConnectionString,
            Assert.IsType<PostgresLocation>(From(url, null)).Settings.ConnectionString);

    /// <summary>Passwords with special characters, in a URL that is not percent-encoded.</summary>
    public static TheoryData<string> Unescaped =>
    [
        .. from special in Specials
           from form in Forms
           select string.Format(CultureInfo.InvariantCulture, form, special),
    ];

    [Theory]
    [MemberData(nameof(Unescaped))]
    public void No_message_holds_a_piece_of_a_password(string password)
    {
        foreach (var (url, text) in new (string?, string?)[]
        {
            ($"postgresql://ann:{password}@db:5432/users", null),
            ($"postgresql://ann:{password}@db/users?sslmode=require", null),
            ($"postgresql://{password}@db/users", null),
            ($"postgresql://db/users?user=ann&password={password}", null),
            ($"postgresql://ann:{password}", null),
            (null, $"Host=db;Username=ann;Password={password};Database=users"),
            (null, $"Host=db;Password={password}"),
        })
        {
            try
            {
                Assert.DoesNotContain("Canary", From(url, text).ToString());
            }
            catch (ConfigurationException e)
            {
                Assert.DoesNotContain("Canary", e.ToString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Unescaped))]
    public void A_password_that_is_percent_encoded_arrives(string password)
    {
        if (password.Contains("%00", StringComparison.Ordinal))
            return; // no character of a password

        var location = Assert.IsType<PostgresLocation>(From($"postgresql://ann:{Uri.EscapeDataString(password)}@db/users", null));

        Assert.Equal(password, location.Settings.Password);
        using var sources = new PostgresDataSources(location);
    }

    [Theory]
    [InlineData("p/w")]
    [InlineData("p?w")]
    [InlineData("p%w")]
    public void A_password_that_must_be_percent_encoded_is_refused_with_the_way_to_do_it(string password) =>
        Assert.Contains("Percent-encode", Assert.Throws<ConfigurationException>(
            () => From($"postgresql://ann:{password}@db/users", null)).Message);

    [Fact]
    public void Settings_that_contradict_each_other_are_refused_in_words() =>
        Assert.Contains("the database users on db:5432", Assert.Throws<ConfigurationException>(
            () => new PostgresDataSources((PostgresLocation)From("postgresql://db/users?Minimum%20Pool%20Size=30", null))).Message);

    [Fact]
    public void A_connection_string_with_a_host_is_PostgreSQLs() =>
        Assert.Equal("users", Assert.IsType<PostgresLocation>(From(null, "Host=db;Database=users")).Settings.Database);

    [Fact]
    public void A_location_says_neither_user_nor_password() =>
        Assert.Equal(
            "the database users on db:5432,db2:1,[::1]:2", From("postgresql://canary:canary@db,db2:1,[::1]:2/users", null).ToString());

    [Theory]
    [InlineData("postgresql://db", null, "DATABASE_URL")]
    [InlineData("postgresql:///users", null, "DATABASE_URL")]
    [InlineData("postgresql://db/users?sslmode=perhaps", null, "DATABASE_URL")]
    [InlineData("postgresql://db/users?target=any", null, "DATABASE_URL")]
    [InlineData("postgresql://db/users?Port=65536000000000", null, "Port")]
    [InlineData("postgresql://db:0/users", null, "DATABASE_URL")]
    [InlineData("postgresql://db:65536/users", null, "DATABASE_URL")]
    [InlineData("postgresql://db:port/users", null, "DATABASE_URL")]
    [InlineData("mysql://localhost/users", null, "DATABASE_URL")]
    [InlineData("users.db", null, "DATABASE_URL")]
    [InlineData("sqlite://", null, "DATABASE_URL")]
    [InlineData("sqlite:///:memory:", null, "DATABASE_URL")]
    [InlineData(null, "Data Source=:memory:", "ConnectionStrings:Users")]
    [InlineData(null, "Data Sauce=users.db", "ConnectionStrings:Users")]
    public void Anything_else_is_refused_by_the_settings_name(string? url, string? connectionString, string setting) =>
        Assert.Contains(setting, Assert.Throws<ConfigurationException>(() => From(url, connectionString)).Message);

    private static DatabaseLocation From(string? url, string? connectionString) =>
        DatabaseLocation.From(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = url,
            ["ConnectionStrings:Users"] = connectionString,
        }).Build());
}
