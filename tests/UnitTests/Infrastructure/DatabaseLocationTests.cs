using Microsoft.Extensions.Configuration;
using UserCqrs.Infrastructure;

namespace UserCqrs.UnitTests.Infrastructure;

public sealed class DatabaseLocationTests
{
    [Theory]
    [InlineData(null, null, "./users.db")]
    [InlineData("sqlite:///./test.db", null, "test.db")]
    [InlineData("sqlite:///data/test.db", null, "data/test.db")]
    [InlineData("sqlite:////var/lib/users.db", "Data Source=other.db", "/var/lib/users.db")]
    [InlineData(null, "Data Source=other.db", "other.db")]
    public void Is_the_url_or_the_connection_string_or_a_file_here(string? url, string? connectionString, string path) =>
        Assert.Equal(Path.GetFullPath(path), From(url, connectionString).Path);

    [Theory]
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
