namespace UserCqrs.Web;

/// <summary>One route: it binds, sends through the mediator, and answers.</summary>
internal interface IEndpoint
{
    /// <summary>Adds the route.</summary>
    static abstract void Map(IEndpointRouteBuilder routes);
}
