using Sam.Runtime.Transport;

namespace Sam.Testing.Clusters;

/// <summary>SAM's CRDs as they are in the repository.</summary>
internal sealed class Definitions(IKubernetesTransport transport)
{
    /// <summary>Applies all and waits until the server serves them.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Root(), "crds/manifests"), "*.yaml").Order(StringComparer.Ordinal))
        {
            // sam.dev_machines.yaml holds machines.sam.dev.
            var plural = Path.GetFileNameWithoutExtension(file).Split('_')[1];
            var path =
                $"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{plural}.sam.dev?fieldManager=sam-testing&force=true";
            var text = await File.ReadAllTextAsync(file, cancellationToken);
            var request = new TransportRequest(HttpMethod.Patch, path)
            {
                Body = text,
                ContentType = "application/apply-patch+yaml",
            };
            using (var response = await transport.SendAsync(request, cancellationToken))
            {
                if (!response.IsSuccess)
                {
                    using var reader = new StreamReader(response.Body);
                    throw new InvalidOperationException(
                        $"{file}: {response.Code} {await reader.ReadToEndAsync(cancellationToken)}"
                    );
                }
            }

            await Poll.UntilAsync(
                () => ServedAsync(plural, cancellationToken),
                () => Task.FromResult($"{plural} is not served"),
                cancellationToken
            );
        }
    }

    private async Task<bool> ServedAsync(string plural, CancellationToken cancellationToken)
    {
        using var response = await transport.SendAsync(
            new TransportRequest(HttpMethod.Get, $"/apis/sam.dev/v1alpha1/{plural}?limit=1"),
            cancellationToken
        );
        return response.IsSuccess;
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sam.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Sam.sln above {AppContext.BaseDirectory}");
    }
}
