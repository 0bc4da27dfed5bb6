import PhoenixServer

await PhoenixCommand.start()
