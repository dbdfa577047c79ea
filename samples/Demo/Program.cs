using ApiSvc.Demo;
using Microsoft.Extensions.Configuration;

// All of it can run again: what is there already is left as it is.
var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
var settings = configuration.GetRequiredSection("Demo").Get<DemoSettings>()!;
using var management = await Management.LogInAsync(settings);

var team = await management.EnsureTeamAsync();
var plan = await management.EnsurePlanAsync(team);
var api = await management.EnsureApiAsync(team);
var version = await management.EnsureVersionAsync(api, plan);
await management.EnsureDeployedAsync(version);
var application = await management.EnsureApplicationAsync(team);
await management.EnsureSubscribedAsync(application, api, plan);
var result = await management.EnsureKeyAsync(application);
await Gateway.WaitUntilServedAsync(settings, result);
