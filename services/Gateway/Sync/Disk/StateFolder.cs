namespace ApiSvc.Gateway.Sync.Disk;

/// <summary>Where the states of one log are.</summary>
/// <param name="Path">The folder, made when something is written.</param>
/// <param name="Identity">What the states are of; they open as that alone.</param>
internal sealed record StateFolder(string Path, string Identity);
