using UserCqrs.IntegrationTests.Classic;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Security;
using UserCqrs.IntegrationTests.V1;

namespace UserCqrs.IntegrationTests;

// Every HTTP test on PostgreSQL, as in OnSqlite.cs. Most share one service; those that list all users,
// or make keys, have one of their own.

[CollectionDefinition]
public sealed class OnPostgres : ICollectionFixture<PostgresUsersService>;

public sealed class CreateUserOnPostgresTests(PostgresUsersService service)
    : CreateUserTests(service), IClassFixture<PostgresUsersService>;

[Collection<OnPostgres>]
public sealed class GetUserOnPostgresTests(PostgresUsersService service) : GetUserTests(service);

public sealed class ListUsersOnPostgresTests(PostgresUsersService service)
    : ListUsersTests(service), IClassFixture<PostgresUsersService>;

[Collection<OnPostgres>]
public sealed class ReplaceUserOnPostgresTests(PostgresUsersService service) : ReplaceUserTests(service);

[Collection<OnPostgres>]
public sealed class PatchUserOnPostgresTests(PostgresUsersService service) : PatchUserTests(service);

[Collection<OnPostgres>]
public sealed class UserFieldOnPostgresTests(PostgresUsersService service) : UserFieldTests(service);

[Collection<OnPostgres>]
public sealed class ByExternalIdOnPostgresTests(PostgresUsersService service) : ByExternalIdTests(service);

[Collection<OnPostgres>]
public sealed class LookUpUsersOnPostgresTests(PostgresUsersService service) : LookUpUsersTests(service);

[Collection<OnPostgres>]
public sealed class DeleteUserOnPostgresTests(PostgresUsersService service) : DeleteUserTests(service);

[Collection<OnPostgres>]
public sealed class PreconditionOnPostgresTests(PostgresUsersService service) : PreconditionTests(service);

public sealed class UserFilterOnPostgresTests(PostgresUsersService service)
    : UserFilterTests(service), IClassFixture<PostgresUsersService>;

[Collection<OnPostgres>]
public sealed class BodyOnPostgresTests(PostgresUsersService service) : BodyTests(service);

[Collection<OnPostgres>]
public sealed class UnicodeOnPostgresTests(PostgresUsersService service) : UnicodeTests(service);

[Collection<OnPostgres>]
public sealed class CodePointOnPostgresTests(PostgresUsersService service) : CodePointTests(service);

[Collection<OnPostgres>]
public sealed class ProblemOnPostgresTests(PostgresUsersService service) : ProblemTests(service);

[Collection<OnPostgres>]
public sealed class ErrorCodeOnPostgresTests(PostgresUsersService service) : ErrorCodeTests(service);

[Collection<OnPostgres>]
public sealed class OrderOfChecksOnPostgresTests(PostgresUsersService service) : OrderOfChecksTests(service);

[Collection<OnPostgres>]
public sealed class ClassicCreateUserOnPostgresTests(PostgresUsersService service) : ClassicCreateUserTests(service);

[Collection<OnPostgres>]
public sealed class ClassicGetUserOnPostgresTests(PostgresUsersService service) : ClassicGetUserTests(service);

[Collection<OnPostgres>]
public sealed class ClassicUpdateUserOnPostgresTests(PostgresUsersService service) : ClassicUpdateUserTests(service);

[Collection<OnPostgres>]
public sealed class ClassicDeleteUserOnPostgresTests(PostgresUsersService service) : ClassicDeleteUserTests(service);

public sealed class ClassicListUsersOnPostgresTests(PostgresUsersService service)
    : ClassicListUsersTests(service), IClassFixture<PostgresUsersService>;

[Collection<OnPostgres>]
public sealed class OpenApiOnPostgresTests(PostgresUsersService service) : OpenApiTests(service);

[Collection<OnPostgres>]
public sealed class DocsOnPostgresTests(PostgresUsersService service) : DocsTests(service);

[Collection<OnPostgres>]
public sealed class BrowserOnPostgresTests(PostgresUsersService service) : BrowserTests(service);

[Collection<OnPostgres>]
public sealed class HealthOnPostgresTests(PostgresUsersService service) : HealthTests(service);

public sealed class RaceOnPostgresTests(PostgresUsersService service)
    : RaceTests(service), IClassFixture<PostgresUsersService>;

public sealed class AccessOnPostgresTests(PostgresUsersService service)
    : AccessTests(service), IClassFixture<PostgresUsersService>;

public sealed class RawSocketOnPostgresTests(PostgresUsersService service)
    : RawSocketTests(service), IClassFixture<PostgresUsersService>;

public sealed class SyncUsersOnPostgresTests(PostgresUsersService service)
    : SyncUsersTests(service), IClassFixture<PostgresUsersService>;

public sealed class FollowChangesOnPostgresTests(PostgresUsersService service)
    : FollowChangesTests(service), IClassFixture<PostgresUsersService>;

[Collection<OnPostgres>]
public sealed class SearchOnPostgresTests(PostgresUsersService service) : SearchTests(service);

[Collection<OnPostgres>]
public sealed class IdempotencyOnPostgresTests(PostgresUsersService service) : IdempotencyTests(service);

public sealed class ImportOnPostgresTests(PostgresUsersService service)
    : ImportTests(service), IClassFixture<PostgresUsersService>;

[Collection<OnPostgres>]
public sealed class ChangeOnPostgresTests(PostgresUsersService service) : ChangeTests(service);

[Collection<OnPostgres>]
public sealed class EventStreamOnPostgresTests(PostgresUsersService service) : EventStreamTests(service);
