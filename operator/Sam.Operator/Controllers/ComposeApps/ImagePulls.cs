using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Pulls an app's images, each with the login that is right for it, however long it takes.</summary>
internal sealed class ImagePulls(RegistryLogins logins, TimeProvider timeProvider)
{
    /// <summary>Pulls one. A token that ends while layers are on their way is renewed and the pull goes on; any other refusal stands.</summary>
    /// <exception cref="EngineException">The registry refuses, or the engine does.</exception>
    public async Task PullAsync(string image, ComposeApp app, IMachineLink link, CancellationToken cancellationToken)
    {
        while (!await TryPullAsync(image, app, link, cancellationToken))
            cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>False: the token that it began with is over. A token lasts minutes, so that this is no busy loop.</summary>
    private async Task<bool> TryPullAsync(string image, ComposeApp app, IMachineLink link, CancellationToken cancellationToken)
    {
        var login = (await logins.ForAsync(app, image, cancellationToken)).Login;
        try
        {
            await link.PullImageAsync(image, login, cancellationToken);
            return true;
        }
        catch (EngineException e)
            when (e.Kind == EngineErrorKind.RegistryUnauthorized && login?.ExpiresAt <= timeProvider.GetUtcNow())
        {
            return false;
        }
    }
}
