namespace UserCqrs.Web.Endpoints.Classic;

/// <summary>A user as the tutorial shows it.</summary>
/// <param name="Id">Given by the service.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">As entered. Unique without regard to case.</param>
internal sealed record ClassicUser(long Id, string Name, string Email);

/// <summary>What happened, in a sentence.</summary>
/// <param name="Detail">The sentence.</param>
internal sealed record ClassicDetail(string Detail);

/// <summary>What is wrong with the input, in FastAPI's shape.</summary>
/// <param name="Detail">Each part that is wrong.</param>
internal sealed record ClassicValidationErrors(IReadOnlyList<ClassicValidationError> Detail);

/// <summary>What is wrong with one part of the input.</summary>
/// <param name="Type">Which rule it breaks, in Pydantic's words.</param>
/// <param name="Loc">Where it is: body, query or path, then the name, or the offset at which the body stops being valid JSON.</param>
/// <param name="Msg">Made for people.</param>
internal sealed record ClassicValidationError(string Type, IReadOnlyList<object> Loc, string Msg);
