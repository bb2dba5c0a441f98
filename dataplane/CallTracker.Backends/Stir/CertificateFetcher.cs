using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace CallTracker.Backends.Stir;

/// <summary>
/// Fetches what an x5u names, bounded in time and size, without redirects, cookies and proxies. Any thread.
/// </summary>
internal sealed class CertificateFetcher : IDisposable
{
    private readonly StirOptions _options;
    private readonly HttpClient _http;

    public CertificateFetcher(StirOptions options)
    {
        _options = options;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            MaxConnectionsPerServer = options.FetchesMax,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, ct),
        })
        {
            Timeout = TimeSpan.FromMilliseconds(options.FetchMsMax),
            MaxResponseContentBufferSize = options.CertificateBytesMax,
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The PEM text and for how long it may be kept; null when it cannot be had.</summary>
    public async Task<(string Pem, int KeepSec)?> TryFetchAsync(string address, CancellationToken ct)
    {
        if (!AddressGuard.TryParse(address, _options.AllowsLoopback, out var url)) return null;
        try
        {
            using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseContentRead, ct);
            if (response.StatusCode != HttpStatusCode.OK) return null;
            var bytes = await response.Content.ReadAsByteArrayAsync(ct);
            return Ascii.IsValid(bytes)
                ? (Encoding.ASCII.GetString(bytes), KeepSecOf(response.Headers.CacheControl))
                : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException
            or InvalidOperationException)
        {
            return null;
        }
    }

    // A minute at least, or every call would fetch anew; a day at most, so that a certificate taken back is noticed.
    private static int KeepSecOf(CacheControlHeaderValue? cache)
    {
        if (cache is { NoStore: true } or { NoCache: true }) return 60;
        var age = cache?.MaxAge ?? TimeSpan.FromHours(1);
        return (int)Math.Clamp(age.TotalSeconds, 60, 86_400);
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken ct)
    {
        foreach (var address in await System.Net.Dns.GetHostAddressesAsync(host.Host, ct))
        {
            if (!AddressGuard.IsOutside(address) && !(_options.AllowsLoopback && IPAddress.IsLoopback(address)))
                continue;
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, host.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw new HttpRequestException("No address of the host may be asked or answers.");
    }
}
