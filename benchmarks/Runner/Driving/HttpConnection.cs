using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace UserCqrs.Runner.Driving;

/// <summary>
/// One HTTP/1.1 connection that blocks its thread, and costs so little that a server on the same cores is not measured
/// through its client.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly NetworkStream _stream;

    /// <exception cref="IOException">Nobody listens.</exception>
    public HttpConnection(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = 30_000,
        };
        try
        {
            socket.Connect(IPAddress.Loopback, port);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException(e.Message, e);
        }

        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    public static byte[] Get(string path, string? key = null) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{(key is null ? "" : $"Authorization: Bearer {key}\r\n")}\r\n");

    public static byte[] Post(string path, string json) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
        + $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");

    /// <summary>Sends a request and reads its small answer to the end.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="IOException">The connection broke, or nothing came for 30 s.</exception>
    public int Send(ReadOnlySpan<byte> request)
    {
        _stream.Write(request);
        var length = 0;
        do
        {
            var read = _stream.Read(_buffer, length, _buffer.Length - length);
            length += read > 0 ? read : throw new IOException("The connection was closed within an answer.");
        }
        while (!IsWhole(_buffer.AsSpan(0, length)));

        return int.Parse(_buffer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
    }

    public void Dispose() => _stream.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var body = answer[(head + 4)..];
        const string name = "\r\ncontent-length:";
        var headers = Encoding.ASCII.GetString(answer[..(head + 2)]);
        var at = headers.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return body.EndsWith("0\r\n\r\n"u8); // chunked
        var value = headers.AsSpan(at + name.Length);
        return body.Length >= int.Parse(value[..value.IndexOf('\r')], CultureInfo.InvariantCulture);
    }
}
