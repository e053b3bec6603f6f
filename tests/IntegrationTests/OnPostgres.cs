using UserCqrs.IntegrationTests.Classic;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Security;
using UserCqrs.IntegrationTests.V1;

[assembly: AssemblyFixture(typeof(PostgresUsersService))]

namespace UserCqrs.IntegrationTests;

// Every HTTP test on PostgreSQL, as in OnSqlite.cs.

public sealed class CreateUserOnPostgresTests(PostgresUsersService service)
    : CreateUserTests(service), IClassFixture<PostgresUsersService>;

public sealed class GetUserOnPostgresTests(PostgresUsersService service) : GetUserTests(service);

public sealed class ListUsersOnPostgresTests(PostgresUsersService service)
    : ListUsersTests(service), IClassFixture<PostgresUsersService>;

public sealed class ReplaceUserOnPostgresTests(PostgresUsersService service) : ReplaceUserTests(service);

public sealed class PatchUserOnPostgresTests(PostgresUsersService service) : PatchUserTests(service);

public sealed class DeleteUserOnPostgresTests(PostgresUsersService service) : DeleteUserTests(service);

public sealed class PreconditionOnPostgresTests(PostgresUsersService service) : PreconditionTests(service);

public sealed class UserFilterOnPostgresTests(PostgresUsersService service)
    : UserFilterTests(service), IClassFixture<PostgresUsersService>;

public sealed class BodyOnPostgresTests(PostgresUsersService service) : BodyTests(service);

public sealed class UnicodeOnPostgresTests(PostgresUsersService service) : UnicodeTests(service);

public sealed class CodePointOnPostgresTests(PostgresUsersService service) : CodePointTests(service);

public sealed class ProblemOnPostgresTests(PostgresUsersService service) : ProblemTests(service);

public sealed class ErrorCodeOnPostgresTests(PostgresUsersService service) : ErrorCodeTests(service);

public sealed class OrderOfChecksOnPostgresTests(PostgresUsersService service) : OrderOfChecksTests(service);

public sealed class ClassicCreateUserOnPostgresTests(PostgresUsersService service) : ClassicCreateUserTests(service);

public sealed class ClassicGetUserOnPostgresTests(PostgresUsersService service) : ClassicGetUserTests(service);

public sealed class ClassicUpdateUserOnPostgresTests(PostgresUsersService service) : ClassicUpdateUserTests(service);

public sealed class ClassicDeleteUserOnPostgresTests(PostgresUsersService service) : ClassicDeleteUserTests(service);

public sealed class ClassicListUsersOnPostgresTests(PostgresUsersService service)
    : ClassicListUsersTests(service), IClassFixture<PostgresUsersService>;

public sealed class OpenApiOnPostgresTests(PostgresUsersService service) : OpenApiTests(service);

public sealed class DocsOnPostgresTests(PostgresUsersService service) : DocsTests(service);

public sealed class BrowserOnPostgresTests(PostgresUsersService service) : BrowserTests(service);

public sealed class HealthOnPostgresTests(PostgresUsersService service) : HealthTests(service);

public sealed class RaceOnPostgresTests(PostgresUsersService service)
    : RaceTests(service), IClassFixture<PostgresUsersService>;

public sealed class AccessOnPostgresTests(PostgresUsersService service)
    : AccessTests(service), IClassFixture<PostgresUsersService>;

public sealed class RawSocketOnPostgresTests(PostgresUsersService service)
    : RawSocketTests(service), IClassFixture<PostgresUsersService>;
