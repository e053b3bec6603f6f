using UserCqrs.IntegrationTests.Classic;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Security;
using UserCqrs.IntegrationTests.V1;

namespace UserCqrs.IntegrationTests;

// Every HTTP test on SQLite; OnPostgres.cs has the same for PostgreSQL. Most share one service; those that list all users,
// or make keys, have one of their own.

[CollectionDefinition]
public sealed class OnSqlite : ICollectionFixture<SqliteUsersService>;

public sealed class CreateUserOnSqliteTests(SqliteUsersService service)
    : CreateUserTests(service), IClassFixture<SqliteUsersService>;

[Collection<OnSqlite>]
public sealed class GetUserOnSqliteTests(SqliteUsersService service) : GetUserTests(service);

public sealed class ListUsersOnSqliteTests(SqliteUsersService service)
    : ListUsersTests(service), IClassFixture<SqliteUsersService>;

[Collection<OnSqlite>]
public sealed class ReplaceUserOnSqliteTests(SqliteUsersService service) : ReplaceUserTests(service);

[Collection<OnSqlite>]
public sealed class PatchUserOnSqliteTests(SqliteUsersService service) : PatchUserTests(service);

[Collection<OnSqlite>]
public sealed class UserFieldOnSqliteTests(SqliteUsersService service) : UserFieldTests(service);

[Collection<OnSqlite>]
public sealed class ByExternalIdOnSqliteTests(SqliteUsersService service) : ByExternalIdTests(service);

[Collection<OnSqlite>]
public sealed class LookUpUsersOnSqliteTests(SqliteUsersService service) : LookUpUsersTests(service);

[Collection<OnSqlite>]
public sealed class DeleteUserOnSqliteTests(SqliteUsersService service) : DeleteUserTests(service);

[Collection<OnSqlite>]
public sealed class PreconditionOnSqliteTests(SqliteUsersService service) : PreconditionTests(service);

public sealed class UserFilterOnSqliteTests(SqliteUsersService service)
    : UserFilterTests(service), IClassFixture<SqliteUsersService>;

[Collection<OnSqlite>]
public sealed class BodyOnSqliteTests(SqliteUsersService service) : BodyTests(service);

[Collection<OnSqlite>]
public sealed class UnicodeOnSqliteTests(SqliteUsersService service) : UnicodeTests(service);

[Collection<OnSqlite>]
public sealed class CodePointOnSqliteTests(SqliteUsersService service) : CodePointTests(service);

[Collection<OnSqlite>]
public sealed class ProblemOnSqliteTests(SqliteUsersService service) : ProblemTests(service);

[Collection<OnSqlite>]
public sealed class ErrorCodeOnSqliteTests(SqliteUsersService service) : ErrorCodeTests(service);

[Collection<OnSqlite>]
public sealed class OrderOfChecksOnSqliteTests(SqliteUsersService service) : OrderOfChecksTests(service);

[Collection<OnSqlite>]
public sealed class ClassicCreateUserOnSqliteTests(SqliteUsersService service) : ClassicCreateUserTests(service);

[Collection<OnSqlite>]
public sealed class ClassicGetUserOnSqliteTests(SqliteUsersService service) : ClassicGetUserTests(service);

[Collection<OnSqlite>]
public sealed class ClassicUpdateUserOnSqliteTests(SqliteUsersService service) : ClassicUpdateUserTests(service);

[Collection<OnSqlite>]
public sealed class ClassicDeleteUserOnSqliteTests(SqliteUsersService service) : ClassicDeleteUserTests(service);

public sealed class ClassicListUsersOnSqliteTests(SqliteUsersService service)
    : ClassicListUsersTests(service), IClassFixture<SqliteUsersService>;

[Collection<OnSqlite>]
public sealed class OpenApiOnSqliteTests(SqliteUsersService service) : OpenApiTests(service);

[Collection<OnSqlite>]
public sealed class DocsOnSqliteTests(SqliteUsersService service) : DocsTests(service);

[Collection<OnSqlite>]
public sealed class BrowserOnSqliteTests(SqliteUsersService service) : BrowserTests(service);

[Collection<OnSqlite>]
public sealed class HealthOnSqliteTests(SqliteUsersService service) : HealthTests(service);

public sealed class RaceOnSqliteTests(SqliteUsersService service)
    : RaceTests(service), IClassFixture<SqliteUsersService>;

public sealed class AccessOnSqliteTests(SqliteUsersService service)
    : AccessTests(service), IClassFixture<SqliteUsersService>;

public sealed class RawSocketOnSqliteTests(SqliteUsersService service)
    : RawSocketTests(service), IClassFixture<SqliteUsersService>;

public sealed class SyncUsersOnSqliteTests(SqliteUsersService service)
    : SyncUsersTests(service), IClassFixture<SqliteUsersService>;

public sealed class FollowChangesOnSqliteTests(SqliteUsersService service)
    : FollowChangesTests(service), IClassFixture<SqliteUsersService>;

[Collection<OnSqlite>]
public sealed class SearchOnSqliteTests(SqliteUsersService service) : SearchTests(service);

[Collection<OnSqlite>]
public sealed class IdempotencyOnSqliteTests(SqliteUsersService service) : IdempotencyTests(service);

public sealed class ImportOnSqliteTests(SqliteUsersService service)
    : ImportTests(service), IClassFixture<SqliteUsersService>;

[Collection<OnSqlite>]
public sealed class ChangeOnSqliteTests(SqliteUsersService service) : ChangeTests(service);

[Collection<OnSqlite>]
public sealed class EventStreamOnSqliteTests(SqliteUsersService service) : EventStreamTests(service);
