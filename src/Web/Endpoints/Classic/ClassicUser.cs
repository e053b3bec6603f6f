namespace UserCqrs.Web.Endpoints.Classic;

/// <summary>A user as the tutorial shows it.</summary>
/// <param name="Id">Assigned by the service.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">As entered. Unique without regard to case.</param>
internal sealed record ClassicUser(long Id, string Name, string Email);

/// <summary>A message.</summary>
/// <param name="Detail">The text of the message.</param>
internal sealed record ClassicDetail(string Detail);

/// <summary>Errors of the input, in FastAPI's format.</summary>
/// <param name="Detail">All errors of the input.</param>
internal sealed record ClassicValidationErrors(IReadOnlyList<ClassicValidationError> Detail);

/// <summary>An error of the input.</summary>
/// <param name="Type">The kind of error, as Pydantic names it.</param>
/// <param name="Loc">
/// The location: body, query or path, then the name, or the offset at which the body stops being valid JSON.
/// </param>
/// <param name="Msg">A description for people.</param>
internal sealed record ClassicValidationError(string Type, IReadOnlyList<object> Loc, string Msg);
