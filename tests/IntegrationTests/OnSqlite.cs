using UserCqrs.IntegrationTests.Classic;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Security;
using UserCqrs.IntegrationTests.V1;

[assembly: AssemblyFixture(typeof(SqliteUsersService))]

namespace UserCqrs.IntegrationTests;

// Every HTTP test on SQLite; OnPostgres.cs has the same for PostgreSQL.

public sealed class CreateUserOnSqliteTests(SqliteUsersService service)
    : CreateUserTests(service), IClassFixture<SqliteUsersService>;

public sealed class GetUserOnSqliteTests(SqliteUsersService service) : GetUserTests(service);

public sealed class ListUsersOnSqliteTests(SqliteUsersService service)
    : ListUsersTests(service), IClassFixture<SqliteUsersService>;

public sealed class ReplaceUserOnSqliteTests(SqliteUsersService service) : ReplaceUserTests(service);

public sealed class PatchUserOnSqliteTests(SqliteUsersService service) : PatchUserTests(service);

public sealed class DeleteUserOnSqliteTests(SqliteUsersService service) : DeleteUserTests(service);

public sealed class PreconditionOnSqliteTests(SqliteUsersService service) : PreconditionTests(service);

public sealed class UserFilterOnSqliteTests(SqliteUsersService service)
    : UserFilterTests(service), IClassFixture<SqliteUsersService>;

public sealed class BodyOnSqliteTests(SqliteUsersService service) : BodyTests(service);

public sealed class UnicodeOnSqliteTests(SqliteUsersService service) : UnicodeTests(service);

public sealed class CodePointOnSqliteTests(SqliteUsersService service) : CodePointTests(service);

public sealed class ProblemOnSqliteTests(SqliteUsersService service) : ProblemTests(service);

public sealed class ErrorCodeOnSqliteTests(SqliteUsersService service) : ErrorCodeTests(service);

public sealed class OrderOfChecksOnSqliteTests(SqliteUsersService service) : OrderOfChecksTests(service);

public sealed class ClassicCreateUserOnSqliteTests(SqliteUsersService service) : ClassicCreateUserTests(service);

public sealed class ClassicGetUserOnSqliteTests(SqliteUsersService service) : ClassicGetUserTests(service);

public sealed class ClassicUpdateUserOnSqliteTests(SqliteUsersService service) : ClassicUpdateUserTests(service);

public sealed class ClassicDeleteUserOnSqliteTests(SqliteUsersService service) : ClassicDeleteUserTests(service);

public sealed class ClassicListUsersOnSqliteTests(SqliteUsersService service)
    : ClassicListUsersTests(service), IClassFixture<SqliteUsersService>;

public sealed class OpenApiOnSqliteTests(SqliteUsersService service) : OpenApiTests(service);

public sealed class DocsOnSqliteTests(SqliteUsersService service) : DocsTests(service);

public sealed class BrowserOnSqliteTests(SqliteUsersService service) : BrowserTests(service);

public sealed class HealthOnSqliteTests(SqliteUsersService service) : HealthTests(service);

public sealed class RaceOnSqliteTests(SqliteUsersService service)
    : RaceTests(service), IClassFixture<SqliteUsersService>;

public sealed class AccessOnSqliteTests(SqliteUsersService service)
    : AccessTests(service), IClassFixture<SqliteUsersService>;

public sealed class RawSocketOnSqliteTests(SqliteUsersService service)
    : RawSocketTests(service), IClassFixture<SqliteUsersService>;
