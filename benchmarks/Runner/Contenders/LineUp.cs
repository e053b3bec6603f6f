using System.Diagnostics;
using System.Globalization;

namespace UserCqrs.Runner.Contenders;

/// <summary>Who takes part.</summary>
internal sealed class LineUp
{
    private static readonly (string Name, string Value) WithoutKeys = ("Access__AllowAnonymousOnLoopback", "true");

    private static readonly Routes V1 = new("/v1/users/", "/v1/users", "/users/");

    public LineUp(Settings settings, Readiness ready)
    {
        Service = new("service", V1, FillService, (file, port) => ServiceOn(file, port, cacheMegabytes: 0));
        CachedService = new("service, cache of 64 MB", V1, FillService, (file, port) => ServiceOn(file, port, cacheMegabytes: 64))
        {
            SchemaOf = Service,
        };
        KeyedService = Service with { Name = "service, asked with a key", IsKeyed = true, SchemaOf = Service };
        KeyedCachedService = CachedService with { Name = "service, cache of 64 MB, asked with a key", IsKeyed = true };
        SearchService = Service with
        {
            Name = "service, invented people",
            FillBy = (file, users) => Demo($"sqlite:///{file}", users),
            Launch = (file, port) => ServiceOn(file, port, cacheMegabytes: 0, [.. IndexedAttributes]),
        };
        BatchedLimit = Limit("limit, batched commits", "batched");
        SingleLimit = Limit("limit, single commits", "single");
        EfCore = new("EF Core minimal API", new("/users/", "/users", "/users"), FillPeer("Users"), (file, port) =>
            Program("benchmarks/EfCorePeer", ["--file", file, "--urls", UrlOf(port)], ("Logging__LogLevel__Default", "Warning")));
        Fastify = FastifyOf(1, "Fastify, 1 process") with { Missing = ready.Fastify };
        FastifyCluster = FastifyOf(2, "Fastify, 2 processes") with { Missing = ready.Fastify, SchemaOf = Fastify };
        Tutorial = TutorialOf(settings.Python, 2, "tutorial, 2 workers") with
        {
            Missing = ready.Tutorial,
            SchemaOf = TutorialOf(settings.Python, 1, "tutorial, 1 worker"),
        };
        PostgresService = new("service", V1, FillServiceOnPostgres, (url, port) =>
            Program("src/Web", ["--urls", UrlOf(port)], ("DATABASE_URL", url), WithoutKeys))
        {
            IsOnPostgres = true,
            Missing = ready.Postgres,
        };
        PostgresSearchService = PostgresService with
        {
            Name = "service on PostgreSQL, invented people",
            FillBy = Demo,
            Launch = (url, port) =>
                Program("src/Web", ["--urls", UrlOf(port), .. IndexedAttributes], ("DATABASE_URL", url), WithoutKeys),
        };
        Pgbench = PostgresService with { Name = "pgbench, prepared", SchemaOf = PostgresService };
        PostgresTutorial = TutorialOf(settings.Python, 2, "tutorial on psycopg2, 2 workers") with
        {
            IsOnPostgres = true,
            Missing = ready.TutorialOnPostgres,
            SchemaOf = TutorialOf(settings.Python, 1, "tutorial on psycopg2, 1 worker") with
            {
                IsOnPostgres = true,
                Fill = FillTutorialOnPostgres,
            },
        };
    }

    public Contender Service { get; }

    public Contender CachedService { get; }

    /// <summary>With the people that the command <c>demo</c> invents.</summary>
    public Contender SearchService { get; }

    public Contender PostgresSearchService { get; }

    public Contender KeyedService { get; }

    public Contender KeyedCachedService { get; }

    public Contender BatchedLimit { get; }

    public Contender SingleLimit { get; }

    public Contender EfCore { get; }

    public Contender Fastify { get; }

    public Contender FastifyCluster { get; }

    public Contender Tutorial { get; }

    public Contender PostgresService { get; }

    /// <summary>No server of users, but the same statements on the same schema, sent by PostgreSQL's own client.</summary>
    public Contender Pgbench { get; }

    public Contender PostgresTutorial { get; }

    private const string FillServiceOnPostgres =
        """
        INSERT INTO users (id, name, email, email_key, created_at, updated_at, version)
        SELECT i, 'User ' || i, 'User' || i || '@example.org', 'user' || i || '@example.org', now(), now(), 1
        FROM generate_series(1, $users) AS i;
        SELECT setval(pg_get_serial_sequence('users', 'id'), $users)
        """;

    private const string FillTutorialOnPostgres =
        """
        INSERT INTO "user" (id, name, email) SELECT i, 'User ' || i, 'User' || i || '@example.org' FROM generate_series(1, $users) AS i;
        SELECT setval(pg_get_serial_sequence('user', 'id'), $users)
        """;

    private const string FillService =
        """
        WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < $users)
        INSERT INTO users (id, name, email, email_key, created_at, updated_at, version)
        SELECT i, 'User ' || i, 'User' || i || '@example.org', 'user' || i || '@example.org',
            1767225600000000 + i, 1767225600000000 + i, 1
        FROM number
        """;

    private static string FillPeer(string table) =>
        $"""
        WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < $users)
        INSERT INTO {table} (id, name, email) SELECT i, 'User ' || i, 'User' || i || '@example.org' FROM number
        """;

    private static readonly string[] IndexedAttributes =
        ["--Users:IndexedAttributes:0=plan", "--Users:IndexedAttributes:1=address.city"];

    private static ProcessStartInfo Demo(string url, int users) =>
        Program("src/Web", ["demo", "--users", users.ToString(CultureInfo.InvariantCulture)], ("DATABASE_URL", url));

    private static ProcessStartInfo ServiceOn(string file, int port, int cacheMegabytes, params string[] settings) =>
        Program("src/Web", ["--urls", UrlOf(port), .. settings],
            ("DATABASE_URL", $"sqlite:///{file}"),
            WithoutKeys,
            ("Database__CacheMegabytes", cacheMegabytes.ToString(CultureInfo.InvariantCulture)));

    private Contender Limit(string name, string writes) => new(name, V1, FillService, (file, port) =>
        Program("benchmarks/Limit", ["--file", file, "--writes", writes, "--urls", UrlOf(port)]))
    {
        SchemaOf = Service,
    };

    private static Contender FastifyOf(int processes, string name) =>
        new(name, new("/users/", "/users"), FillPeer("user"), (file, port) =>
            new("node", ["server.js", "--file", file, "--port", $"{port}", "--processes", $"{processes}"])
            {
                WorkingDirectory = Readiness.FastifyFolder,
                Environment = { ["NODE_ENV"] = "production" },
            });

    private static Contender TutorialOf(string python, int workers, string name) =>
        new(name, new("/user?user_id=", "/user", "/users/"), FillPeer("user"), (database, port) =>
            new(python,
            [
                "-m", "uvicorn", "main:app", "--port", $"{port}", "--workers", $"{workers}",
                "--no-access-log", "--log-level", "warning",
            ])
            {
                WorkingDirectory = Readiness.TutorialFolder,
                Environment = { ["DATABASE_URL"] = database.Contains("://", StringComparison.Ordinal) ? database : $"sqlite:///{database}", ["PYTHONDONTWRITEBYTECODE"] = "1" },
            });

    private static ProcessStartInfo Program(string project, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Paths.ProgramOf(project), arguments);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    private static string UrlOf(int port) => $"http://127.0.0.1:{port}";
}
