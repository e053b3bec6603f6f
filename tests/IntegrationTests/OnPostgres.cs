using UserCqrs.IntegrationTests.Classic;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Security;
using UserCqrs.IntegrationTests.V1;

namespace UserCqrs.IntegrationTests;

// Every HTTP test on PostgreSQL, as in OnSqlite.cs.

public sealed class CreateUserOnPostgresTests(PostgresUsersService service)
    : CreateUserTests(service), IClassFixture<PostgresUsersService>;

public sealed class GetUserOnPostgresTests(PostgresUsersService service)
    : GetUserTests(service), IClassFixture<PostgresUsersService>;

public sealed class ListUsersOnPostgresTests(PostgresUsersService service)
    : ListUsersTests(service), IClassFixture<PostgresUsersService>;

public sealed class ReplaceUserOnPostgresTests(PostgresUsersService service)
    : ReplaceUserTests(service), IClassFixture<PostgresUsersService>;

public sealed class PatchUserOnPostgresTests(PostgresUsersService service)
    : PatchUserTests(service), IClassFixture<PostgresUsersService>;

public sealed class DeleteUserOnPostgresTests(PostgresUsersService service)
    : DeleteUserTests(service), IClassFixture<PostgresUsersService>;

public sealed class PreconditionOnPostgresTests(PostgresUsersService service)
    : PreconditionTests(service), IClassFixture<PostgresUsersService>;

public sealed class UserFilterOnPostgresTests(PostgresUsersService service)
    : UserFilterTests(service), IClassFixture<PostgresUsersService>;

public sealed class BodyOnPostgresTests(PostgresUsersService service)
    : BodyTests(service), IClassFixture<PostgresUsersService>;

public sealed class UnicodeOnPostgresTests(PostgresUsersService service)
    : UnicodeTests(service), IClassFixture<PostgresUsersService>;

public sealed class CodePointOnPostgresTests(PostgresUsersService service)
    : CodePointTests(service), IClassFixture<PostgresUsersService>;

public sealed class ProblemOnPostgresTests(PostgresUsersService service)
    : ProblemTests(service), IClassFixture<PostgresUsersService>;

public sealed class ErrorCodeOnPostgresTests(PostgresUsersService service)
    : ErrorCodeTests(service), IClassFixture<PostgresUsersService>;

public sealed class OrderOfChecksOnPostgresTests(PostgresUsersService service)
    : OrderOfChecksTests(service), IClassFixture<PostgresUsersService>;

public sealed class ClassicCreateUserOnPostgresTests(PostgresUsersService service)
    : ClassicCreateUserTests(service), IClassFixture<PostgresUsersService>;

public sealed class ClassicGetUserOnPostgresTests(PostgresUsersService service)
    : ClassicGetUserTests(service), IClassFixture<PostgresUsersService>;

public sealed class ClassicUpdateUserOnPostgresTests(PostgresUsersService service)
    : ClassicUpdateUserTests(service), IClassFixture<PostgresUsersService>;

public sealed class ClassicDeleteUserOnPostgresTests(PostgresUsersService service)
    : ClassicDeleteUserTests(service), IClassFixture<PostgresUsersService>;

public sealed class ClassicListUsersOnPostgresTests(PostgresUsersService service)
    : ClassicListUsersTests(service), IClassFixture<PostgresUsersService>;

public sealed class OpenApiOnPostgresTests(PostgresUsersService service)
    : OpenApiTests(service), IClassFixture<PostgresUsersService>;

public sealed class DocsOnPostgresTests(PostgresUsersService service)
    : DocsTests(service), IClassFixture<PostgresUsersService>;

public sealed class BrowserOnPostgresTests(PostgresUsersService service)
    : BrowserTests(service), IClassFixture<PostgresUsersService>;

public sealed class HealthOnPostgresTests(PostgresUsersService service)
    : HealthTests(service), IClassFixture<PostgresUsersService>;

public sealed class RaceOnPostgresTests(PostgresUsersService service)
    : RaceTests(service), IClassFixture<PostgresUsersService>;

public sealed class AccessOnPostgresTests(PostgresUsersService service)
    : AccessTests(service), IClassFixture<PostgresUsersService>;

public sealed class RawSocketOnPostgresTests(PostgresUsersService service)
    : RawSocketTests(service), IClassFixture<PostgresUsersService>;
