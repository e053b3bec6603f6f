using UserCqrs.IntegrationTests.Classic;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Security;
using UserCqrs.IntegrationTests.V1;

namespace UserCqrs.IntegrationTests;

// Every HTTP test on SQLite; OnPostgres.cs has the same for PostgreSQL.

public sealed class CreateUserOnSqliteTests(SqliteUsersService service)
    : CreateUserTests(service), IClassFixture<SqliteUsersService>;

public sealed class GetUserOnSqliteTests(SqliteUsersService service)
    : GetUserTests(service), IClassFixture<SqliteUsersService>;

public sealed class ListUsersOnSqliteTests(SqliteUsersService service)
    : ListUsersTests(service), IClassFixture<SqliteUsersService>;

public sealed class ReplaceUserOnSqliteTests(SqliteUsersService service)
    : ReplaceUserTests(service), IClassFixture<SqliteUsersService>;

public sealed class PatchUserOnSqliteTests(SqliteUsersService service)
    : PatchUserTests(service), IClassFixture<SqliteUsersService>;

public sealed class DeleteUserOnSqliteTests(SqliteUsersService service)
    : DeleteUserTests(service), IClassFixture<SqliteUsersService>;

public sealed class PreconditionOnSqliteTests(SqliteUsersService service)
    : PreconditionTests(service), IClassFixture<SqliteUsersService>;

public sealed class UserFilterOnSqliteTests(SqliteUsersService service)
    : UserFilterTests(service), IClassFixture<SqliteUsersService>;

public sealed class BodyOnSqliteTests(SqliteUsersService service)
    : BodyTests(service), IClassFixture<SqliteUsersService>;

public sealed class UnicodeOnSqliteTests(SqliteUsersService service)
    : UnicodeTests(service), IClassFixture<SqliteUsersService>;

public sealed class CodePointOnSqliteTests(SqliteUsersService service)
    : CodePointTests(service), IClassFixture<SqliteUsersService>;

public sealed class ProblemOnSqliteTests(SqliteUsersService service)
    : ProblemTests(service), IClassFixture<SqliteUsersService>;

public sealed class ErrorCodeOnSqliteTests(SqliteUsersService service)
    : ErrorCodeTests(service), IClassFixture<SqliteUsersService>;

public sealed class OrderOfChecksOnSqliteTests(SqliteUsersService service)
    : OrderOfChecksTests(service), IClassFixture<SqliteUsersService>;

public sealed class ClassicCreateUserOnSqliteTests(SqliteUsersService service)
    : ClassicCreateUserTests(service), IClassFixture<SqliteUsersService>;

public sealed class ClassicGetUserOnSqliteTests(SqliteUsersService service)
    : ClassicGetUserTests(service), IClassFixture<SqliteUsersService>;

public sealed class ClassicUpdateUserOnSqliteTests(SqliteUsersService service)
    : ClassicUpdateUserTests(service), IClassFixture<SqliteUsersService>;

public sealed class ClassicDeleteUserOnSqliteTests(SqliteUsersService service)
    : ClassicDeleteUserTests(service), IClassFixture<SqliteUsersService>;

public sealed class ClassicListUsersOnSqliteTests(SqliteUsersService service)
    : ClassicListUsersTests(service), IClassFixture<SqliteUsersService>;

public sealed class OpenApiOnSqliteTests(SqliteUsersService service)
    : OpenApiTests(service), IClassFixture<SqliteUsersService>;

public sealed class DocsOnSqliteTests(SqliteUsersService service)
    : DocsTests(service), IClassFixture<SqliteUsersService>;

public sealed class BrowserOnSqliteTests(SqliteUsersService service)
    : BrowserTests(service), IClassFixture<SqliteUsersService>;

public sealed class HealthOnSqliteTests(SqliteUsersService service)
    : HealthTests(service), IClassFixture<SqliteUsersService>;

public sealed class RaceOnSqliteTests(SqliteUsersService service)
    : RaceTests(service), IClassFixture<SqliteUsersService>;

public sealed class AccessOnSqliteTests(SqliteUsersService service)
    : AccessTests(service), IClassFixture<SqliteUsersService>;

public sealed class RawSocketOnSqliteTests(SqliteUsersService service)
    : RawSocketTests(service), IClassFixture<SqliteUsersService>;
