using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>The read context on PostgreSQL, which itself keeps it from writing (<see cref="ReadOnlyTransaction"/>).</summary>
internal sealed class PostgresReadContext(DbContextOptions<PostgresReadContext> options) : ReadContext(options);
