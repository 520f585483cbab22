using System.Net;
using System.Net.Sockets;

namespace Sam.Simulators.Booting;

/// <summary>Makes the lab's registry answer on this machine under the reference it has in the engine.</summary>
internal static class RegistryForwarder
{
    /// <summary>Forwards, or finds that another process already does for the same lab and returns null.</summary>
    public static async Task<LoopbackForwarder?> OpenAsync(
        EngineLab lab,
        NetworkNamespace space,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (lab.Netns.Length == 0)
        {
            return null; // it listens on this machine itself
        }

        var endpoint = IPEndPoint.Parse(lab.Registry);
        var forwarder = new LoopbackForwarder(space, endpoint, time);
        try
        {
            await forwarder.OpenAsync(endpoint);
            return forwarder;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            var found = await LabThatAnswersAsync(lab.Registry, cancellationToken);
            return found == lab.Lab
                ? null
                : throw new InvalidOperationException(
                    $"{lab.Registry} is taken by {found ?? "another program"}, so the registry of {lab.Folder} cannot be reached",
                    error
                );
        }
    }

    private static async Task<string?> LabThatAnswersAsync(string registry, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        try
        {
            using var response = await http.GetAsync(new Uri($"http://{registry}/v2/"), cancellationToken);
            return response.Headers.TryGetValues("X-Sam-Lab", out var values) ? values.FirstOrDefault() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
