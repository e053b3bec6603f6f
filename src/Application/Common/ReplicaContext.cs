using Microsoft.EntityFrameworkCore;

namespace UserCqrs.Application.Common;

/// <summary>
/// What lists see: a replica where the database has one, which may be some moments behind. No decision of a write rests on it.
/// </summary>
public abstract class ReplicaContext(DbContextOptions options) : ReadContext(options);
