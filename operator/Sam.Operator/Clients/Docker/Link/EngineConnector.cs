using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sam.Operator.Clients.Docker;

/// <summary>
/// Opens connections to one engine: TCP, then TLS with our client certificate. The server is proved by its public key alone (pinned,
/// equal byte for byte): no authority, no host name and no date has a say.
/// </summary>
internal sealed class EngineConnector(
    MachineEndpoint endpoint,
    byte[] pinnedKey,
    Func<SslStreamCertificateContext> clientCertificate,
    MachineLinkOptions options,
    TimeProvider time
)
{
    public ConnectGate Gate { get; } = new(options.BackOffStart, options.BackOffCap, time);

    /// <summary>Whether a connect failed since this was last asked; the engine may be another version now.</summary>
    public bool TakeInterrupted() => Interlocked.Exchange(ref interrupted, 0) == 1;

    private int interrupted;

    public async ValueTask<SslStream> ConnectAsync(CancellationToken cancellationToken)
    {
        Gate.ThrowIfClosed();
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var stream = await OpenAsync(SslProtocols.Tls12 | SslProtocols.Tls13, linked.Token);
            Gate.Succeeded();
            return stream;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
            when (exception
                    is SocketException
                        or IOException
                        or AuthenticationException
                        or OperationCanceledException
                        or EngineException
            )
        {
            var fault = exception as EngineException ?? Unreachable(exception);
            Interlocked.Exchange(ref interrupted, 1);
            Gate.Failed(fault);
            throw fault;
        }
    }

    /// <summary>
    /// Whether the engine refuses our certificate. In TLS 1.3 it says so only after our side of the handshake, where the alert is often lost
    /// to a reset; in TLS 1.2 the handshake itself fails. Asked after a connection broke, never before.
    /// </summary>
    public async Task<bool> IsRefusedAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await using var stream = await OpenAsync(SslProtocols.Tls12, linked.Token);
            return false;
        }
        catch (Exception exception)
            when (exception
                    is SocketException
                        or IOException
                        or AuthenticationException
                        or OperationCanceledException
                        or EngineException
            )
        {
            return EngineFaults.IsCertificateAlert(exception);
        }
    }

    private async Task<SslStream> OpenAsync(SslProtocols protocols, CancellationToken cancellationToken)
    {
        var address = new IPEndPoint(IPAddress.Parse(endpoint.Address), endpoint.Port);
        var refused = false;
        var plain = await options.Dial(address, cancellationToken);
        var tls = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = endpoint.MachineId,
                    ClientCertificateContext = clientCertificate(),
                    EnabledSslProtocols = protocols,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => !(refused = !IsPinned(certificate)),
                },
                cancellationToken
            );
            return tls;
        }
        catch (Exception exception)
        {
            await tls.DisposeAsync();
            if (refused)
            {
                throw new EngineException(
                    EngineErrorKind.IdentityRefused,
                    $"the engine at {address} shows another key than that of Machine {endpoint.MachineId}",
                    exception
                );
            }

            throw;
        }
    }

    private bool IsPinned(X509Certificate? certificate) =>
        certificate is X509Certificate2 shown
        && CryptographicOperations.FixedTimeEquals(shown.PublicKey.ExportSubjectPublicKeyInfo(), pinnedKey);

    private EngineException Unreachable(Exception cause)
    {
        var reason = cause switch
        {
            SocketException socket => socket.SocketErrorCode.ToString(),
            OperationCanceledException => "no answer in time",
            _ => "the TLS handshake failed",
        };
        return new(
            EngineErrorKind.Unreachable,
            $"the engine at {endpoint.Address}:{endpoint.Port} is not reachable: {reason}",
            cause
        );
    }
}
