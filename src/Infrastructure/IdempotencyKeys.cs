using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure;

/// <summary>The idempotency keys in the database of the users. Both databases have the same SQL for them.</summary>
internal sealed class IdempotencyKeys(WriteContext db, TimeProvider clock) : IIdempotencyKeys
{
    private const string Claim = """
        INSERT INTO idempotency_keys (caller, key, fingerprint, result, expires_at) VALUES ({0}, {1}, {2}, '', {3})
        ON CONFLICT (caller, key) DO UPDATE
        SET fingerprint = excluded.fingerprint, result = excluded.result, expires_at = excluded.expires_at
        WHERE idempotency_keys.expires_at <= {4}
        """;

    // PostgreSQL waits for a transaction that has inserted the same key, until it ends. An import may take long, and whoever
    // waits for it holds a connection.
    private const string ClaimOnPostgres = $"SET LOCAL lock_timeout = '1s'; {Claim}; SET LOCAL lock_timeout = 0";

    public async Task<RememberedRequest?> ClaimAsync(string caller, IdempotencyKey key, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (time, expiry) = (now.ToUnixTimeSeconds(), (now + IdempotencyKey.Lifetime).ToUnixTimeSeconds());

        var claimed = await ClaimAsync(caller, key, time, expiry, cancellationToken);
        return claimed == 1 ? null : await db.Set<IdempotencyRecord>().AsNoTracking()
            .Where(record => record.Caller == caller && record.Key == key.Value)
            .Select(record => new RememberedRequest(record.Fingerprint, record.Result)).SingleAsync(cancellationToken);
    }

    private async Task<int> ClaimAsync(
        string caller, IdempotencyKey key, long time, long expiry, CancellationToken cancellationToken)
    {
        try
        {
            return await db.Database.ExecuteSqlRawAsync(
                db.Database.IsNpgsql() ? ClaimOnPostgres : Claim, [caller, key.Value, key.Fingerprint, expiry, time],
                cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new IdempotencyKeyInUseException(e);
        }
    }

    public Task KeepAsync(string caller, IdempotencyKey key, string result, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"UPDATE idempotency_keys SET result = {result} WHERE caller = {caller} AND key = {key.Value}", cancellationToken);

    public Task ForgetAsync(long userId, CancellationToken cancellationToken)
    {
        var start = $$"""{"{{nameof(UserDto.Id)}}":{{userId}},%""";
        return db.Database.ExecuteSqlAsync($"DELETE FROM idempotency_keys WHERE result LIKE {start}", cancellationToken);
    }

    public Task<int> ForgetExpiredAsync(int count, CancellationToken cancellationToken)
    {
        var time = clock.GetUtcNow().ToUnixTimeSeconds();
        return db.Database.ExecuteSqlAsync($"""
            DELETE FROM idempotency_keys WHERE (caller, key) IN
                (SELECT caller, key FROM idempotency_keys WHERE expires_at <= {time} ORDER BY expires_at LIMIT {count})
            """, cancellationToken);
    }
}

/// <summary>A row of the table of idempotency keys.</summary>
internal sealed class IdempotencyRecord
{
    /// <summary>See <see cref="ICurrentCaller.Id"/>; empty for callers without a credential.</summary>
    public required string Caller { get; init; }

    /// <summary>See <see cref="IdempotencyKey.Value"/>.</summary>
    public required string Key { get; init; }

    /// <summary>See <see cref="IdempotencyKey.Fingerprint"/>.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>See <see cref="RememberedRequest.Result"/>.</summary>
    public required string Result { get; init; }

    /// <summary>When the key is free again, in seconds since 1970, UTC.</summary>
    public long ExpiresAt { get; init; }
}

/// <summary>The configuration of the table, the same for all databases.</summary>
internal sealed class IdempotencyConfiguration : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.HasKey(record => new { record.Caller, record.Key });
        builder.Property(record => record.Caller).HasColumnName("caller");
        builder.Property(record => record.Key).HasColumnName("key").HasMaxLength(IdempotencyKey.MaxLength);
        builder.Property(record => record.Fingerprint).HasColumnName("fingerprint");
        builder.Property(record => record.Result).HasColumnName("result");
        builder.Property(record => record.ExpiresAt).HasColumnName("expires_at");
        builder.HasIndex(record => record.ExpiresAt).HasDatabaseName("ix_idempotency_keys_expires_at");
    }
}
