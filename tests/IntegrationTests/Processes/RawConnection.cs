using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>One connection without an HTTP client on it: nothing is sent again, and how it ends is seen.</summary>
internal sealed partial class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawConnection()
    {
    }

    /// <param name="service">Where it listens.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <param name="receiveBuffer">
    /// How many bytes the system keeps for a reader that does not read; <c>null</c>: as many as it chooses.
    /// </param>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public static async Task<RawConnection> OpenAsync(Uri service, CancellationToken cancellationToken, int? receiveBuffer = null)
    {
        var connection = new RawConnection();
        if (receiveBuffer is { } bytes)
            connection._socket.ReceiveBufferSize = bytes;
        try
        {
            await connection._socket.ConnectAsync(service.Host, service.Port, cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n";

    public static string Post(string path, string json) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}";

    /// <exception cref="SocketException">The service has closed the connection.</exception>
    public async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await _socket.SendAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

    /// <summary>Sends a request and reads the whole response. <c>null</c>: the service closed the connection without a word.</summary>
    /// <exception cref="InvalidOperationException">The response was cut.</exception>
    public async Task<RawResponse?> AskAsync(string request, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(request, cancellationToken);
        }
        catch (SocketException)
        {
            return null;
        }

        return await ReadAsync(cancellationToken);
    }

    /// <summary>Reads the whole response, no faster than told.</summary>
    /// <inheritdoc cref="AskAsync" path="/exception"/>
    public async Task<RawResponse?> ReadAsync(CancellationToken cancellationToken, int? bytesPerSecond = null)
    {
        var text = new StringBuilder();
        var octets = new byte[1024];
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (bytesPerSecond is { } rate
                && TimeSpan.FromSeconds((double)text.Length / rate) - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } ahead)
                await Task.Delay(ahead, cancellationToken);
            var read = await ReceiveAsync(octets, cancellationToken);
            text.Append(Encoding.Latin1.GetString(octets.AsSpan(0, read)));
            if (read > 0 && text.ToString() is var response && IsWhole(response))
                return new(response);
            if (read == 0)
                return text.Length == 0 ? null : throw new InvalidOperationException($"The response was cut: {text}");
            if (read == octets.Length)
                octets = new byte[2 * octets.Length];
        }
    }

    /// <summary>Closes the connection, by a reset when asked to.</summary>
    public void HangUp(bool reset)
    {
        if (reset)
            _socket.LingerState = new LingerOption(enable: true, 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> ReceiveAsync(byte[] octets, CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(octets, cancellationToken);
        }
        catch (SocketException)
        {
            return 0; // a reset
        }
    }

    private static bool IsWhole(string response)
    {
        var head = response.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
            return false;
        return ContentLength().Match(response, 0, head + 2) is { Success: true } length
            ? response.Length == head + 4 + int.Parse(length.Groups[1].ValueSpan, null)
            : response.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
    }

    [GeneratedRegex("\r\nContent-Length: ([0-9]+)\r\n")]
    private static partial Regex ContentLength();
}

/// <summary>A response as it came.</summary>
internal sealed record RawResponse(string Text)
{
    public int Status => int.Parse(Text.AsSpan(9, 3), null);

    public bool IsStreamed => Text.Contains("\r\nTransfer-Encoding: chunked\r\n", StringComparison.Ordinal);

    /// <summary>Whether the service said that it closes the connection.</summary>
    public bool IsLast => Text.Contains("\r\nConnection: close\r\n", StringComparison.Ordinal);
}
