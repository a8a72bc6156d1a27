@echo off
node "%~dp0..\scripts\coord.cjs" %*
