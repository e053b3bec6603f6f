using System.Reflection;
using FluentValidation;
using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.ArchitectureTests.Canaries;
using UserCqrs.ArchitectureTests.Support;

namespace UserCqrs.ArchitectureTests;

public sealed class MessageTests
{
    // The behaviors are constrained to messages. They would silently not apply to other types.
    private static readonly Rule CommandOrQuery = new(
        type => type.IsConcrete() && type.IsAssignableTo(typeof(IBaseRequest)),
        type => type.IsCommand() == type.IsQuery() ? ["is neither command nor query, or is both"] : []);

    private static readonly Rule HandledOnce = new(Kinds.IsMessage, type =>
        type.Assembly.GetTypes().Count(other => other.HandledMessages().Contains(type)) is var count and not 1
            ? [$"has {count} handlers"]
            : []);

    private static readonly Rule ValidatedOrExcused = new(Kinds.IsMessage, type =>
    {
        var isValidated = type.Assembly.GetTypes().Any(typeof(AbstractValidator<>).MakeGenericType(type).IsAssignableFrom);
        return type.GetCustomAttribute<NothingToValidateAttribute>() switch
        {
            null when !isValidated => ["has neither a validator nor a reason for none"],
            not null when isValidated => ["has a validator, and a reason for none"],
            { Because: var because } when string.IsNullOrWhiteSpace(because) => ["has no validator, for an empty reason"],
            _ => [],
        };
    });

    private static readonly Rule SealedRecord = new(
        type => Data.Of(type.Assembly).Contains(type),
        type => type.IsSealed && type.IsRecord() ? [] : ["is not a sealed record"]);

    [Fact]
    public void Every_request_is_a_command_or_a_query() => CommandOrQuery.HoldsIn(Solution.Application);

    [Fact]
    public void Requests_that_are_neither_or_both_are_found() =>
        CommandOrQuery.Catches(typeof(RequestOfNoKind), typeof(RequestOfBothKinds));

    [Fact]
    public void Every_command_and_query_has_exactly_one_handler() => HandledOnce.HoldsIn(Solution.Application);

    [Fact]
    public void Commands_without_a_handler_or_with_two_are_found() =>
        HandledOnce.Catches(typeof(CommandWithoutHandler), typeof(CommandWithTwoHandlers));

    [Fact]
    public void Every_command_and_query_has_a_validator_or_a_reason_for_none() =>
        ValidatedOrExcused.HoldsIn(Solution.Application);

    [Fact]
    public void Commands_without_validator_and_reason_are_found() => ValidatedOrExcused.Catches(
        typeof(CommandWithoutValidator), typeof(CommandWithValidatorAndReason), typeof(CommandWithEmptyReason));

    [Fact]
    public void Messages_and_all_they_carry_and_all_JSON_are_sealed_records() =>
        SealedRecord.HoldsIn(Solution.Application, Solution.Web);

    [Fact]
    public void Messages_and_data_that_are_no_sealed_records_are_found() =>
        SealedRecord.Catches(typeof(UnsealedCommand), typeof(MutableItem), typeof(UnsealedResponse));
}
