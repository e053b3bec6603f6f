using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace UserCqrs.Web.Hosting;

/// <summary>
/// Accepts no more connections than <see cref="OpenFiles"/> allows. Kestrel closes connections beyond its limit only after it has
/// accepted them. In a flood it accepts faster than it closes, until the process may open no more files and the runtime ends it.
/// </summary>
internal sealed class BoundedListeners(
    IOptions<SocketTransportOptions> sockets, IOptions<KestrelServerOptions> kestrel, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>The number of connections beyond the limit that may be waiting to be closed.</summary>
    private const int Closing = 50;

    private readonly SocketTransportFactory _sockets = new(sockets, loggers);
    private readonly Lazy<SemaphoreSlim> _room = new(
        () => new((int)kestrel.Value.Limits.MaxConcurrentConnections!.Value + Closing));

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        new Listener(await _sockets.BindAsync(endpoint, cancellationToken), _room.Value);

    private sealed class Listener(IConnectionListener listener, SemaphoreSlim room) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken)
        {
            try
            {
                await room.WaitAsync(_unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null; // the listener is unbound
            }

            var connection = await listener.AcceptAsync(cancellationToken);
            if (connection is null)
                room.Release();
            else
                connection.ConnectionClosed.Register(static room => ((SemaphoreSlim)room!).Release(), room);
            return connection;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken)
        {
            await _unbound.CancelAsync();
            await listener.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            _unbound.Dispose();
            return listener.DisposeAsync();
        }
    }
}
