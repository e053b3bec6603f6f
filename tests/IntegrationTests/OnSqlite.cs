using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.V1;

namespace UserCqrs.IntegrationTests;

// Every HTTP test on SQLite. A second database is a second file like this one.

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

public sealed class UserFilterOnSqliteTests(SqliteUsersService service)
    : UserFilterTests(service), IClassFixture<SqliteUsersService>;
