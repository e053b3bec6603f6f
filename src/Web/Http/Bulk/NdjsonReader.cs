using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace UserCqrs.Web.Http.Bulk;

/// <summary>
/// Reads users as newline-delimited JSON: one object on each line, as in the body of <c>POST /v1/users</c>. Empty lines are
/// skipped. The members that only the service sets (<c>id</c> …) are allowed and ignored, so that an export can be imported.
/// </summary>
internal static class NdjsonReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static async IAsyncEnumerable<UserLine> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new(bufferSize: UserLines.MaxLine, leaveOpen: true));
        var (number, isTooLong) = (0L, false);
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (TryTakeLine(ref rest, read.IsCompleted, out var line))
            {
                number++;
                if (isTooLong || line.Length > UserLines.MaxLine)
                    yield return TooLong(number);
                else if (Read(number, line.ToArray()) is { } user)
                    yield return user;
                isTooLong = false;
            }

            if (rest.Length > UserLines.MaxLine)
            {
                isTooLong = true; // what follows on this line is skipped as it comes
                rest = rest.Slice(rest.End);
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
                break;
        }

        if (isTooLong)
            yield return TooLong(number + 1); // the last line, without an end
        await reader.CompleteAsync();
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        line = rest;
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        if (!isLast || rest.IsEmpty)
            return false;
        rest = rest.Slice(rest.End);
        return true;
    }

    private static UserLine? Read(long number, ReadOnlyMemory<byte> line)
    {
        if (number == 1 && line.Span.StartsWith(ByteOrderMark))
            line = line[ByteOrderMark.Length..];
        return line.Span.TrimStart(" \t\r"u8).IsEmpty ? null : UserBody.ReadLine(number, line);
    }

    private static UserLine TooLong(long number) => UserLine.Invalid(number, new Application.Common.InputError(
        null, "line.tooLong", $"The line has more than {UserLines.MaxLine / 1024} KiB."));
}
