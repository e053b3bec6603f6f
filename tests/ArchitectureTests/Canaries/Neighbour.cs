using UserCqrs.Application.Common;

namespace UserCqrs.Web.Endpoints;

internal sealed record NeighbourOfEndpointsWithDatabase(IUnitOfWork UnitOfWork);
