using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.ArchitectureTests.Canaries;

internal sealed class ContextOfNoKind(DbContextOptions options) : QueryContext(options);
