using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Sam.Operator.Clients.Docker;

public sealed partial class DockerMachineLink
{
    /// <inheritdoc/>
    public Task<bool> HasImageAsync(string reference, CancellationToken cancellationToken) =>
        CallAsync($"look for image {reference}", (client, token) => HasImageAsync(client, reference, token), cancellationToken);

    /// <inheritdoc/>
    public Task<string> ResolveDigestAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken) =>
        CallAsync(
            $"resolve {reference}",
            options.CallTimeout,
            async token =>
            {
                using var request = new HttpRequestMessage(
                    HttpMethod.Get,
                    await session.AddressAsync($"distribution/{reference}/json", token)
                );
                if (login is not null)
                {
                    request.Headers.Add("X-Registry-Auth", AuthHeader(login));
                }

                using var response = await session.Raw.SendAsync(request, token);
                var body = await response.Content.ReadAsStringAsync(token);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    throw RegistryFaults.From(reference, response.StatusCode, EngineFaults.Text(body, response.StatusCode));
                }

                using var document = JsonDocument.Parse(body);
                return document.RootElement.GetProperty("Descriptor").GetProperty("digest").GetString()
                    ?? throw new EngineException(EngineErrorKind.Server, $"image {reference}: the registry named no digest");
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public async Task PullImageAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken)
    {
        var (name, tag) = ImageReference.Split(reference);
        using var idle = new CancellationTokenSource(options.PullIdleTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        var progress = new PullProgress(() => idle.CancelAfter(options.PullIdleTimeout));
        try
        {
            var client = await session.ClientAsync(linked.Token);
            await client.Images.CreateImageAsync(
                new ImagesCreateParameters { FromImage = name, Tag = tag },
                login is null ? new AuthConfig() : ToDocker(login),
                progress,
                linked.Token
            );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (DockerApiException exception)
        {
            throw RegistryFaults.From(reference, exception.StatusCode, EngineFaults.Text(exception));
        }
        catch (Exception exception) when (progress.Error is null)
        {
            throw Typed($"pull {reference}", exception);
        }

        if (progress.Error is { } error)
        {
            throw RegistryFaults.From(reference, HttpStatusCode.OK, error);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<EngineImage>> ListImagesAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<EngineImage>>(
            "list images",
            async (client, token) =>
            {
                var images = await client.Images.ListImagesAsync(new ImagesListParameters(), token);
                return [.. images.Select(i => new EngineImage(i.ID, Named(i.RepoTags), Named(i.RepoDigests), i.Size))];
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public async Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(
                $"remove image {reference}",
                (client, token) => client.Images.DeleteImageAsync(reference, new ImageDeleteParameters(), token),
                cancellationToken
            );
            return true;
        }
        catch (EngineException e) when (e.Kind is EngineErrorKind.NotFound or EngineErrorKind.Conflict)
        {
            return e.Kind == EngineErrorKind.NotFound;
        }
    }

    // An image without a name is listed as one called <none>.
    private static ImmutableArray<string> Named(IEnumerable<string>? references) =>
        [.. (references ?? []).Where(reference => !reference.StartsWith("<none>", StringComparison.Ordinal))];

    private static async Task<bool> HasImageAsync(DockerClient client, string reference, CancellationToken token)
    {
        try
        {
            await client.Images.InspectImageAsync(reference, token);
            return true;
        }
        catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private static AuthConfig ToDocker(RegistryLogin login) =>
        new()
        {
            ServerAddress = login.Server,
            Username = login.Username,
            Password = login.Password,
            RegistryToken = login.RegistryToken,
        };

    private static string AuthHeader(RegistryLogin login)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["serveraddress"] = login.Server };
        if (login.RegistryToken is { } registryToken)
        {
            fields["registrytoken"] = registryToken;
        }
        else
        {
            fields["username"] = login.Username ?? "";
            fields["password"] = login.Password ?? "";
        }

        var json = System.Text.Json.JsonSerializer.Serialize(fields);
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).Replace('+', '-').Replace('/', '_');
    }

    /// <summary>Notes every sign of life and the error that may stand in the last line; synchronous, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class PullProgress(Action alive) : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value)
        {
            alive();
            Error ??= value.Error?.Message;
        }
    }
}
