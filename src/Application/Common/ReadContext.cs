using Microsoft.EntityFrameworkCore;

namespace UserCqrs.Application.Common;

/// <summary>The context of queries whose result must never be stale: it reads from the primary. One per request.</summary>
public abstract class ReadContext(DbContextOptions options) : QueryContext(options);
