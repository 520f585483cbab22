using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Sam.Testing;

/// <summary>
/// Ports for programs that must be told one. Below the range from which the kernel takes ports for connections and for port 0 (32768 and up): nobody else is given one
/// between the choice and its use.
/// </summary>
public static class FreePorts
{
    private const int First = 10_000;
    private const int Last = 30_000;

    /// <summary>A TCP port that nobody listens on, on any address of this machine.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last);
            var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(held => held.Port == port);
            if (!taken && CanBind(port))
                return port;
        }
    }

    private static bool CanBind(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false; // in a moment of closing
        }
    }
}
