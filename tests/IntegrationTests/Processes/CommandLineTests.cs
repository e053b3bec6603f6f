using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>What is not known is refused: 64 (EX_USAGE) for the command line, 78 (EX_CONFIG) for settings, in one line.</summary>
[Collection(nameof(Alone))]
public sealed class CommandLineTests : ProcessTests
{
    [Theory]
    [InlineData("keys", "key", "create", "--name", "x", "--scope", "users:read")]
    [InlineData("--help", "serv")]
    [InlineData("--port", "--port", "5111")]
    [InlineData("--Database:Readers", "--Databse:Readers=3")]
    [InlineData("--urls=value", "--urls")]
    [InlineData("--days", "keys", "create", "--name", "x", "--scope", "users:read", "--dayz", "3")]
    [InlineData("--days", "keys", "create", "--name", "x", "--scope", "users:read", "--days", "abc")]
    [InlineData("'B'", "keys", "revoke", "A", "B")]
    [InlineData("--dry-run", "restore", "x.db", "--dry-run")]
    [InlineData("'x'", "migrate", "x")]
    [InlineData("--DATABASE_URL=value", "backup", "x.db", "--DATABASE_URL", "sqlite:///y.db")]
    [InlineData("'target'", "backup")]
    [InlineData("target", "backup", "")]
    [InlineData("create", "keys", "creat")]
    [InlineData("create, list, revoke", "keys")]
    [InlineData("--scope?", "keys", "create", "--name", "x", "--scopes", "users:read")]
    [InlineData("--scope users:write", "keys", "create", "--name", "x", "--scope", "users:read", "users:write")]
    [InlineData("attributes", "check", "attribute")]
    [InlineData("--from?", "copy", "--form", "sqlite:///x.db", "--to", "sqlite:///y.db")]
    [InlineData("--urls?", "--url", "http://localhost:5111")]
    [InlineData("--urls", "--port=5111")]
    [InlineData("'@x'", "keys", "list", "@x")]
    [InlineData("users:read, users:write, users:admin", "keys", "create", "--name", "x", "--scope", "read")]
    [InlineData("--name", "keys", "create", "--name", " ", "--scope", "users:read")]
    [InlineData("--name", "keys", "create", "--name", "a\u202eb", "--scope", "users:read")]
    public async Task Refuses_what_it_does_not_know(string named, params string[] arguments) =>
        await RefusesAsync(64, named, arguments, DatabaseUrl);

    [Fact]
    public async Task Check_says_what_must_be_mended_and_then_that_all_is_well()
    {
        var (exitCode, output) = await CommandRun.RunAsync(["check"], DatabaseUrl, ("Users__AttributesSchema", "none.json"));
        Assert.True(exitCode == 78, output);
        Assert.Contains("none.json, which cannot be read", output);
        Assert.Contains($"database: There is no database {DatabaseFile}", output);

        await CommandRun.RunAsync(["migrate"], DatabaseUrl);
        await CommandRun.RunAsync(["keys", "create", "--name", "x", "--scope", "users:read"], DatabaseUrl);
        (exitCode, output) = await CommandRun.RunAsync(["check"], DatabaseUrl);
        Assert.True(exitCode == 0, output);
        Assert.Contains("can be read and is up to date", output);
        Assert.Contains("keys: 1 can be used", output);
        Assert.Contains("files: only their owner", output);
    }

    [Fact]
    public async Task Check_says_which_files_others_may_read()
    {
        await CommandRun.RunAsync(["migrate"], DatabaseUrl);
        await using (var chmod = ServiceProcess.RunShell($"chmod 640 {DatabaseFile}", ""))
            Assert.Equal(0, await chmod.EndsAsync(Cancelled));

        var (exitCode, output) = await CommandRun.RunAsync(["check"], DatabaseUrl);

        Assert.True(exitCode == 0, output);
        Assert.Contains($"other accounts may read or write {DatabaseFile}; unless this is meant, take the right away with chmod 600", output);
    }

    [Fact]
    public async Task Check_says_whether_a_service_is_ready_and_takes_the_key()
    {
        await using var database = await ProcessDatabase.StartAsync(ProcessDatabase.Sqlite);
        await using var service = await AnyUsersService.StartAsync(database.Url);
        var url = service.Address.ToString();

        var (exitCode, output) = await CommandRun.RunAsync(["check", "--url", url], DatabaseUrl);
        Assert.True(exitCode == 0, output);
        Assert.Contains("is ready", output);
        Assert.Contains("users can be read without a key", output);
        (_, output) = await CommandRun.RunAsync(["keys", "create", "--name", "x", "--scope", "users:read"], database.Url);
        var key = output[output.IndexOf("ucq_", StringComparison.Ordinal)..].Trim();
        await Task.Delay(ApiKeyRing.MaxAge, Cancelled);
        (exitCode, output) = await CommandRun.RunAsync(["check", "--url", url], DatabaseUrl);
        Assert.True(exitCode == 77 && output.Contains("answered 401"), output);
        (exitCode, output) = await CommandRun.RunAsync(["check", "--url", url, "--key", key], DatabaseUrl);
        Assert.True(exitCode == 0 && output.Contains("the key may read users"), output);
        (exitCode, output) = await CommandRun.RunAsync(["check", "--url", "http://127.0.0.1:1"], DatabaseUrl);
        Assert.True(exitCode == 69 && output.Contains("cannot be reached"), output);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("import")]
    [InlineData("export")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("migrate")]
    [InlineData("copy")]
    [InlineData("check")]
    [InlineData("check", "attributes")]
    [InlineData("demo")]
    [InlineData("keys")]
    [InlineData("keys", "create")]
    [InlineData("keys", "list")]
    [InlineData("keys", "revoke")]
    [InlineData("completion")]
    public async Task Every_command_has_an_example_in_its_help(params string[] command)
    {
        var (exitCode, output) = await CommandRun.RunAsync([.. command, "--help"], DatabaseUrl);

        Assert.True(exitCode == 0, output);
        Assert.Contains("Example:", output);
        Assert.Contains($"usercqrs {command[0]}", output);
        Assert.DoesNotContain("dditional", output);
    }

    [Fact]
    public async Task The_help_names_every_command_and_setting()
    {
        var (exitCode, output) = await CommandRun.RunAsync(["--help"], DatabaseUrl);

        Assert.True(exitCode == 0, output);
        foreach (var name in new[] { "import <file>", "completion <bash|fish|zsh>", "Database:WriteQueue=1024", "DATABASE_URL" })
            Assert.Contains(name, output);
    }

    [Theory]
    [InlineData("usercqrs exp", "export")]
    [InlineData("usercqrs import --on-c", "--on-conflict")]
    [InlineData("usercqrs import --on-conflict ", "fail", "skip", "update")]
    [InlineData("usercqrs keys create --scope users:", "users:admin", "users:read", "users:write")]
    [InlineData("usercqrs import u")]
    public async Task Bash_completes_commands_options_and_values(string typed, params string[] expected)
    {
        var (_, script) = await CommandRun.RunAsync(["completion", "bash"], DatabaseUrl);
        await using var shell = ServiceProcess.RunShell(
            $$"""
            usercqrs() { {{string.Join(' ', ServiceProcess.Built)}} "$@"; }
            {{script}}
            COMP_LINE='{{typed}}' COMP_POINT={{typed.Length}} COMP_WORDS=({{typed}}) COMP_CWORD={{typed.Count(letter => letter == ' ')}}
            _usercqrs; printf '%s\n' "${COMPREPLY[@]}"
            """, DatabaseUrl);

        await shell.EndsAsync(Cancelled);
        Assert.Equal(expected, shell.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(64, "migrate", "postgresql://ann:canary@localhost/users")]
    [InlineData(64, "keys", "revoke", "A", "ucq_canarycanarycanarycanarycanarycanary")]
    [InlineData(64, "backup", "x.db", "--DATABASE_URL", "postgresql://ann:canary@localhost/users")]
    [InlineData(78, "keys", "revoke", "ucq_canaryLongerThanAnId")]
    [InlineData(64, "keys", "list", "--Foo:ucq_canary=1")]
    [InlineData(64, "--postgresql://ann:canary@localhost/users")]
    [InlineData(78, "--Jwt:Authority=https://ann:canary@localhost/", "--Jwt:Audience=users")]
    public async Task Does_not_repeat_what_may_be_a_secret(int expected, params string[] arguments)
    {
        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), _ => { }, Cancelled);

        var output = await RefusesAsync(expected, "", arguments, DatabaseUrl);

        Assert.DoesNotContain("canary", output);
    }

    [Theory]
    [InlineData("Database:Readers", "Database__Reader", "3")]
    [InlineData("Limits:Connections", "Limits__Conections", "3")]
    [InlineData("Jwt:Audience", "Jwt__Audiences", "users")]
    [InlineData("Users:AttributesSchema", "Users__AttributeSchema", "x.json")]
    public async Task Refuses_a_setting_it_does_not_know_and_names_the_nearest(string named, string name, string value)
    {
        await RefusesAsync(78, named, [], DatabaseUrl, (name, value));
        await RefusesAsync(78, named, ["migrate"], DatabaseUrl, (name, value));
    }

    [Theory]
    [InlineData("Database:WriteQueue is 'lots'; it must be a whole number from 1 to", "Database__WriteQueue", "lots")]
    [InlineData("Database:WriteQueue is '0'; it must be a whole number from 1 to", "Database__WriteQueue", "0")]
    [InlineData("Shutdown:DrainSeconds is 'NaN'; it must be a number from 0 to 300", "Shutdown__DrainSeconds", "NaN")]
    [InlineData("Access:AllowAnonymousOnLoopback is 'yes'; it must be true or false", "Access__AllowAnonymousOnLoopback", "yes")]
    [InlineData("Logging:LogLevel:RequestLog is 'Info'; it must be Trace, Debug, Information, Warning, Error, Critical or None",
        "Logging__LogLevel__RequestLog", "Info")]
    [InlineData("Jwt:KeysFile", "Jwt__KeysFile", "/nonexistent.json", "Jwt__Issuer", "x", "Jwt__Audience", "x")]
    [InlineData("certificate", "Kestrel__Certificates__Default__Path", "/nonexistent.pfx", "ASPNETCORE_URLS", "https://127.0.0.1:0")]
    public async Task Refuses_a_value_and_says_what_it_must_be(string named, params string[] settings)
    {
        var output = await RefusesAsync(
            78, named, [], DatabaseUrl, [.. settings.Chunk(2).Select(setting => (setting[0], setting[1]))]);

        Assert.DoesNotContain("DataAnnotation", output);
    }

    [Fact]
    public async Task Does_not_take_a_mistyped_name_of_the_database_for_none() =>
        await RefusesAsync(78, "DATABASE_URL", [], "", ("DATABSE_URL", DatabaseUrl));

    [Theory]
    [InlineData("DATABASE_HOST", "db.example.org")]
    [InlineData("DATABASE_USER", "ann")]
    [InlineData("DATABASE_NAME", "shop")]
    [InlineData("DATABASE_PORT", "5432")]
    [InlineData("Logging__LogLevel__Default", "")]
    public async Task Leaves_the_settings_of_other_programs_alone(string name, string value)
    {
        var folder = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Path.GetDirectoryName(DatabaseFile)!;

        var (exitCode, output) = await CommandRun.RunAsync(["migrate"], "", (name, value));

        Environment.CurrentDirectory = folder;
        Assert.True(exitCode == 0, output);
        Assert.True(File.Exists(DatabaseFile)); // ./users.db, the default
    }

    [Theory]
    [InlineData("sqlite:////")]
    [InlineData("sqlite:////tmp/")]
    public async Task Refuses_a_folder_as_a_database(string url) => await RefusesAsync(78, "folder", ["migrate"], url);

    [Theory]
    [InlineData("http://localhost:5256/api")]
    [InlineData("http://localhost:99999")]
    [InlineData("x://:")]
    [InlineData("notaurl")]
    public async Task Refuses_an_address_that_is_none(string url) =>
        await RefusesAsync(78, url, ["--urls", url], DatabaseUrl);

    [Fact]
    public async Task Says_what_an_https_address_needs()
    {
        // A process of its own: where certificates for development are is decided once per process.
        await using var service = ServiceProcess.Run(["--urls", "https://127.0.0.1:0"], DatabaseUrl, ("HOME", "/nonexistent"));

        Assert.Equal(78, await service.EndsAsync(Cancelled));
        Assert.Contains("certificate", service.Output);
    }

    [Fact]
    public async Task Makes_the_folder_of_a_database_but_not_the_folder_around_it()
    {
        var folder = Path.GetDirectoryName(DatabaseFile)!;
        await RefusesAsync(78, $"{folder}/a does not exist", ["migrate"], $"sqlite:///{folder}/a/b/users.db");

        Assert.Equal(0, (await CommandRun.RunAsync(["migrate"], $"sqlite:///{folder}/a/users.db")).ExitCode);
    }

    [Fact]
    public async Task Makes_no_key_beside_no_database()
    {
        await RefusesAsync(
            78, $"There is no database {DatabaseFile}",
            ["keys", "create", "--name", "x", "--scope", "users:read"], DatabaseUrl);
        Assert.False(File.Exists($"{DatabaseFile}.keys"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Not a database, but a text.")]
    public async Task Makes_no_key_beside_another_file(string text)
    {
        await File.WriteAllTextAsync(DatabaseFile, text, Cancelled);

        await RefusesAsync(
            78, "not a database of this service",
            ["keys", "create", "--name", "x", "--scope", "users:read"], DatabaseUrl);
        Assert.False(File.Exists($"{DatabaseFile}.keys"));
    }

    [Fact]
    public async Task A_command_reads_its_settings_where_the_service_does()
    {
        var (exitCode, output) = await CommandRun.RunAsync(["migrate"], "", ("ASPNETCORE_DATABASE_URL", DatabaseUrl));

        Assert.Equal(0, exitCode);
        Assert.True(File.Exists(DatabaseFile));
        Assert.Contains($"{DatabaseFile} is up to date. It is new.", output);
    }

    [Theory]
    [InlineData("--DATABASE_URL=sqlite:///{0}")]
    [InlineData("--ConnectionStrings:Users", "Data Source={0}")]
    public async Task Every_command_takes_every_setting(params string[] setting)
    {
        var other = $"{DatabaseFile}.other";
        string[] arguments = ["migrate", .. setting.Select(part => part.Replace("{0}", other, StringComparison.Ordinal))];

        var (exitCode, output) = await CommandRun.RunAsync(arguments, setting.Length == 1 ? DatabaseUrl : "");

        Assert.True(exitCode == 0, output);
        Assert.True(File.Exists(other));
        Assert.False(File.Exists(DatabaseFile));
    }

    private static async Task<string> RefusesAsync(
        int expected, string named, string[] arguments, string databaseUrl, params (string Name, string Value)[] settings)
    {
        var (exitCode, output) = await CommandRun.RunAsync(arguments, databaseUrl, settings);

        Assert.True(exitCode == expected, $"{exitCode} {output}");
        Assert.Contains(named, output);
        Assert.DoesNotContain("   at ", output);
        if (expected == 64)
            Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return output;
    }
}
